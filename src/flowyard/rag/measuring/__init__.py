"""Measures of what an index finds, on a set of questions."""
