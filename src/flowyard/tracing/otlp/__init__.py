"""OTLP, the protocol of OpenTelemetry: requests read and checked, and turned into rows of the signals.

Needs the ``server`` extra (``opentelemetry-proto``); nothing that runs in a flow imports it.
"""
