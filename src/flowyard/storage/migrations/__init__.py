"""Alembic's migrations of the metadata database. `storage.migrate` runs them."""
