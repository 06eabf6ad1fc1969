"""The model catalog of an installation, the same in every process."""

from flowyard.catalog.importing.hub import HuggingFaceHub
from flowyard.catalog.importing.places import Uploads
from flowyard.catalog.importing.service import Importer
from flowyard.catalog.jobs import ModelImportJob
from flowyard.catalog.registry.files import RegistryFiles
from flowyard.catalog.registry.service import ModelRegistry
from flowyard.catalog.service import Catalog
from flowyard.catalog.shelf import catalog_folders
from flowyard.connections.service import ConnectionService
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import Settings
from flowyard.storage.sql.registry import SqlRegistryStore
from flowyard.wiring.core import Core

#: What a connection's secret that is a hub's token may be called.
_TOKENS = ("token", "hf_token", "api_key")


def open_catalog(settings: Settings) -> Catalog:
    """Return the catalog: the product's cards, those of ``FLOWYARD_CATALOG``, and the installation's own."""
    return Catalog(settings.home / "models", folders=catalog_folders(settings.home, settings.catalog))


def open_registry(core: Core, catalog: Catalog, uploads: Uploads) -> ModelRegistry:
    """Return the registry of models."""
    return ModelRegistry(SqlRegistryStore(core.engine), catalog, RegistryFiles(core.places.registered), uploads, core.audit)


def import_job(settings: Settings, catalog: Catalog, connections: ConnectionService) -> ModelImportJob:
    """Return the kind of job that imports models."""

    def token_of(workspace_id: str, name: str) -> str:
        secrets = connections.resolve(workspace_id, name).secrets
        for key in _TOKENS:
            if secrets.get(key):
                return secrets[key]
        raise InvalidInputError(f"The connection {name!r} keeps no token.", remedy="Give it the secret 'token'.")

    return ModelImportJob(Importer(catalog, settings.home / "cards", HuggingFaceHub()), token_of)
