"""Data that is collected of what flows and scripts see in production: Azure ML's ``Collector``, and what keeps its rows."""
