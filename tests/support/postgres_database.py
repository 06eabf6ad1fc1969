"""Databases of a test's own on the session's PostgreSQL server."""

import uuid
from collections.abc import Iterator

import psycopg


def postgres_database(server: str, options: str = "") -> Iterator[str]:
    """Make a database, yield its URL, and drop it."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    execute(server, f"CREATE DATABASE {name} {options}")
    yield f"{server}/{name}"
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def execute(server: str, statement: str) -> None:
    """Run one statement as the server's owner."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())
