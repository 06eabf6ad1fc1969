"""``/metrics``: how Flowyard itself is doing, for Prometheus."""
