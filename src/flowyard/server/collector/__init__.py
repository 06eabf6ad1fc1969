"""The collector: OTLP over HTTP, taken in as it comes and acknowledged when it is durable."""
