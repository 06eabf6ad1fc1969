"""Prints the API's OpenAPI schema, always the same for the same code: the studio's client is generated from it.

Run: ``python -m flowyard.server.openapi``. It needs no database.
"""

import json
import sys

from flowyard.server.app import create_app


def schema_text() -> str:
    """Return the schema as indented JSON with sorted keys."""
    return json.dumps(create_app(None).openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
