"""A flow as something to hand over: a folder with all it needs, for an image or for a machine with nothing but Python."""
