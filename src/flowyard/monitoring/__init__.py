"""How Flowyard itself is doing: the metrics of its processes for Prometheus. `docs/monitoring.md` lists them."""
