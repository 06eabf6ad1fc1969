"""To be filled."""

CASES: list = []
