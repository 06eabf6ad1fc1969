"""The search for a better configuration of an index."""
