"""Durable jobs: what users see of them, and the workers that run them on DBOS."""
