"""Building a version of an index: what changed is cracked, cut, embedded and written, batch by batch."""
