"""Answers by the best configurations of a search: a flow's, with variants of its prompt."""
