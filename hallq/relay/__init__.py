"""Ports of other machines: the program that lends them (`hallq relay`), and the hub's end that opens them.

One authenticated WebSocket per machine. Drivers do not know: they get a line like any other.
"""
