"""The domains' stores in SQL, one module a noun; the same statements run on SQLite and PostgreSQL."""
