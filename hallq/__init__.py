"""HallQ: queue management and kiosk system for government service halls."""
