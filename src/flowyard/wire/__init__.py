"""The types of the HTTP API, shared by server and client.

Frozen standard dataclasses, one module a noun: FastAPI turns them into OpenAPI and checks requests with them, msgspec decodes
them in the client. Times are RFC 3339 text (UTC), durations milliseconds, money integer micro-units with its currency. Additive changes
only.
"""
