"""Spans: their model, the recorder that makes them, the context that links them, and the port that answers questions over them."""
