"""Lineage: which thing was made of which others, by what, asked both ways."""
