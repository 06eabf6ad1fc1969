"""Datastores: named places with files, each type of them one module in `types`."""
