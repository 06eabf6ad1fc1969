"""Row maps: a program over many rows, side by side. Over processes of this machine now; the port knows nothing of how."""
