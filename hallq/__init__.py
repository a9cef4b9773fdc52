"""HallQ: queue management and kiosk system for government service halls."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("hallq")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0"
