"""``/health`` and ``/version``: they need no key and say nothing else."""

from fastapi import APIRouter

from flowyard.foundation.version import __version__
from flowyard.server.routing import operation_id
from flowyard.wire.shared import Health, Version

router = APIRouter(tags=["health"], generate_unique_id_function=operation_id)


@router.get("/health")
def check_health() -> Health:
    """Say that the server answers."""
    return Health()


@router.get("/version")
def get_version() -> Version:
    """Say which version of Flowyard answers."""
    return Version(version=__version__)
