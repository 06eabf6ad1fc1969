"""Durable jobs, supervised processes (replicas, engines, sessions), and the ports behind which they run here or on a cluster."""
