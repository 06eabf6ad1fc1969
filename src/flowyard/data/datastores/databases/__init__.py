"""Databases as datastores: what is the same for all of them, and a module for each that says how it differs."""
