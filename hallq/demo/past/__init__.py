"""The two months behind a demo hall: what its people did, day by day, by the commands that a hall uses."""
