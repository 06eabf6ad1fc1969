"""Users' SQL over telemetry, in a process that can be killed."""
