"""Imports: what a database answers becomes a version of a data asset, once or by a schedule."""
