"""Prompties: a prompt with its model in one file. Each becomes a plan of one step; in Python code it is a function."""
