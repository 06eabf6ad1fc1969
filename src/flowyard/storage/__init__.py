"""Engines, migrations and the SQL, blob and telemetry implementations of the domains' ports. Only ``wiring`` imports it."""
