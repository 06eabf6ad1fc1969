"""Transforms: steps that make a version of a data asset from others, recorded so that they can be run again.

Steps run in processes of their own, one after another over files of JSON lines: rows stream, and nothing of a step's is in the worker.
"""
