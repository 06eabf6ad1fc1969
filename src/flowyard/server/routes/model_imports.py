"""Models from elsewhere."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.jobs import Job
from flowyard.wire.models import ModelImportCreate

router = api_router("models", "/workspaces/{workspace}/model-imports")
Starter = Annotated[Caller, allow("models:write", starts_work=True)]


@router.post("", status_code=202)
def create_model_import(body: ModelImportCreate, caller: Starter, services: ServicesDep) -> Job:
    """Start to import a model from a hub, an upload or a folder. Files that can run code when they are loaded are refused."""
    return services.model_imports.create(caller, body)
