"""Cleaning steps that take rows one by one; each module is one, and `steps.py` knows them all."""
