"""A flow over HTTP: ``/score``, ``/health``, ``/version``, ``/swagger.json``, as prompt flow's server has them."""

from flowyard.flows.serving.app import create_app

__all__ = ["create_app"]
