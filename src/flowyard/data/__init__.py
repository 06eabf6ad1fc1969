"""Data: assets in versions, where they came from, and their rows."""
