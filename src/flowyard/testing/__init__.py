"""What tests of flows, connectors and backends need: contract suites, scripted models, supervised processes."""
