"""Notebooks, and the door that leads to them."""

from collections.abc import Generator
from contextlib import contextmanager

from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.users import flow_users
from flowyard.connections.sealing import Sealer, load_master_keys
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.settings import Settings
from flowyard.notebooks.grants import Grants
from flowyard.notebooks.listening import NotebookDoor, logger
from flowyard.notebooks.service import Notebooks
from flowyard.wiring.core import Core


@contextmanager
def open_notebooks(settings: Settings, core: Core, host: ProcessHost) -> Generator[NotebookDoor]:
    """Yield the door. Where notebooks were ever used it listens at once: a page that is open finds it again after a restart."""
    grants = Grants(core.sign_in, Sealer(load_master_keys(core.places.master_key)))
    notebooks = Notebooks(host, core.keys, grants, core.audit, settings, flow_users(settings))
    door = NotebookDoor(notebooks, settings)
    if notebooks.used:
        try:
            notebooks.begin()
            door.start()
        except FlowyardError as error:
            logger.warning("notebooks cannot be opened: %s", error)
    try:
        yield door
    finally:
        door.close()
