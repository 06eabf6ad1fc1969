"""Splits: the rows of a version divided among new ones, by a seed and by the values of a column."""
