"""Notebooks beside the flows: a Jupyter server for each person and workspace, behind the platform's own sign-in."""
