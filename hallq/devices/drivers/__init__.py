"""One module per kind of device, each on its codec in firmware_protocols."""
