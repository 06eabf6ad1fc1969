"""The gateway: keys, models under ``/v1``, endpoints under ``/endpoints``, and everything else passed to the server."""
