from hallq.ticketing.told import hush, tell

__all__ = ["hush", "tell"]
