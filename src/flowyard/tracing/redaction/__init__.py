"""Redaction: finds personal data and secrets in texts by rule, and puts a marker in their place."""
