"""Puts the control plane's application together."""

from importlib import import_module

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.version import __version__
from flowyard.server.description import describe
from flowyard.server.frame import Frame
from flowyard.server.problems import on_flowyard_error, on_http_error, on_validation_error
from flowyard.server.replay import ReplayedAnswer, ReplayMiddleware, on_replayed_answer
from flowyard.server.routing import PREFIX
from flowyard.server.strict import forbid_unknown_keys
from flowyard.server.studio import Studio
from flowyard.wiring.server import Services

#: The modules of ``server/routes``, in the order of the documentation.
ROUTES = (
    "health",
    "sign_in",
    "workspaces",
    "overview",
    "users",
    "keys",
    "access_tags",
    "limits",
    "jobs",
    "connections",
    "models",
    "model_imports",
    "model_registry",
    "model_verifications",
    "model_comparisons",
    "data",
    "datastores",
    "flows",
    "flow_history",
    "flow_editing",
    "runs",
    "evaluators",
    "endpoints",
    "endpoint_keys",
    "deployment_checks",
    "index_uses",
    "notebooks",
    "lineage",
    "index_measurements",
    "index_tunings",
    "indexes",
    "transforms",
    "uploads",
    "schedules",
    "collected_data",
    "scaling",
    "endpoint_metrics",
    "rollouts",
    "gateway_routes",
    "traces",
    "scores",
    "telemetry",
    "telemetry_policy",
    "logs",
    "audit",
)


def create_app(services: Services | None) -> FastAPI:
    """Return the application over `services`. None is for its schema only: no request can be answered."""
    forbid_unknown_keys()
    app = FastAPI(
        title="Flowyard",
        version=__version__,
        description="The control plane of Flowyard. Errors are problem details (RFC 9457).",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        routes=[route for name in ROUTES for route in _routes(name)],
    )
    app.state.services = services
    app.add_middleware(ReplayMiddleware)
    app.add_middleware(Frame)
    app.add_exception_handler(FlowyardError, on_flowyard_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(ReplayedAnswer, on_replayed_answer)
    app.router.default = Studio()
    app.openapi = lambda: describe(app)
    return app


def whole_server(services: Services) -> ASGIApp:
    """Return all that a server answers: the control plane, and before it what needs none of its frame, the collector and ``/metrics``."""
    from flowyard.server.collector.app import Collector
    from flowyard.server.monitoring.app import Scrapes
    from flowyard.server.monitoring.measured import Measured

    telemetry = services.telemetry
    collector = Collector(create_app(services), services.sign_in, telemetry.spools, telemetry.backlog)
    scrapes = Scrapes(collector, services.monitoring, services.sign_in)
    measured = Measured(scrapes)
    scrapes.own = measured.readings
    return measured


def _routes(name: str) -> list[BaseRoute]:
    return import_module(f"flowyard.server.routes.{name}").router.routes
