"""Scoring scripts, as Azure ML has them: ``init()`` once, ``run(data)`` for each request. Needs the runtime only."""
