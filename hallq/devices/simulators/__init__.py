"""Simulated devices on the codecs' device role: what they show, say and print is decoded from the bytes they got."""
