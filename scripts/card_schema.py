"""Writes docs/model-card.schema.json from the program's own type."""

from pathlib import Path

from flowyard.catalog.cards import schema_text

TARGET = Path(__file__).resolve().parent.parent / "docs/model-card.schema.json"

if __name__ == "__main__":
    TARGET.write_text(schema_text(), encoding="utf-8")
