"""Models of this machine's home folder, for commands that need no server, and how their progress is shown."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from flowyard.cli.session import workspace
from flowyard.client.errors import NoServerError
from flowyard.foundation.settings import read_settings

if TYPE_CHECKING:
    from flowyard.catalog.importing.service import Importer, ImportOrder
    from flowyard.catalog.service import Catalog
    from flowyard.cli.progress import JobProgress
    from flowyard.client.models import Models
    from flowyard.compute.ports import StageReport
    from flowyard.wire.jobs import JobStage
    from flowyard.wire.models import Model

T = TypeVar("T")


def either(remote: "Callable[[Models], T]", local: "Callable[[Catalog], T]") -> T:
    """Ask the server, or the catalog in the home folder when none runs there. A server named by FLOWYARD_URL is never passed over."""
    settings = read_settings()
    try:
        return remote(workspace().models)
    except NoServerError:
        if settings.url is not None:
            raise
    return local(catalog_here())


def catalog_here() -> "Catalog":
    """Return the catalog of the home folder."""
    from flowyard.catalog.service import Catalog
    from flowyard.catalog.shelf import catalog_folders

    settings = read_settings()
    return Catalog(settings.home / "models", folders=catalog_folders(settings.home, settings.catalog))


def pull_here(catalog: "Catalog", name: str, *, quiet: bool) -> "Model":
    """Pull a model into the home folder; one whose files are not known yet is imported from its place on the hub."""
    from flowyard.catalog.importing.service import ImportOrder, hub_order
    from flowyard.cli.progress import JobProgress

    order = hub_order(catalog.card(name))
    if order is not None:
        return import_here(catalog, ImportOrder(source=order.source, name=order.name, files=order.files), quiet=quiet)
    with JobProgress(quiet=quiet) as shown:
        return catalog.pull(name, _ShownPull(shown))


def import_here(catalog: "Catalog", order: "ImportOrder", *, quiet: bool) -> "Model":
    """Import a model into the home folder."""
    from flowyard.cli.progress import JobProgress

    with JobProgress(quiet=quiet) as shown:
        return catalog.get(_importer(catalog).run(order, _ShownPull(shown)).name)


def _importer(catalog: "Catalog") -> "Importer":
    from flowyard.catalog.importing.hub import HuggingFaceHub
    from flowyard.catalog.importing.service import Importer

    return Importer(catalog, read_settings().home / "cards", HuggingFaceHub())


class _ShownPull:
    """Tells a pull's stages to the same bars that show a job's."""

    def __init__(self, shown: "JobProgress") -> None:
        self._shown = shown

    @contextmanager
    def stage(self, name: str) -> "Generator[StageReport]":
        """Show a stage while it runs."""
        from flowyard.wire.jobs import JobStage

        stage = _ShownStage(self._shown, JobStage(name=name, status="running"))
        try:
            yield stage
        except BaseException:
            stage.change(status="failed")
            raise
        stage.change(status="completed")

    def check_canceled(self) -> None:
        """Go on: Ctrl-C raises by itself."""


class _ShownStage:
    def __init__(self, shown: "JobProgress", stage: "JobStage") -> None:
        self._shown = shown
        self._stage = stage
        self.change()

    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        """Show how much is done."""
        self.change(done=done, total=total, unit=unit)

    def detail(self, text: str) -> None:
        """Show what is going on."""
        self.change(detail=text)

    def worked(self, seconds: float) -> None:
        """Show how much of its time was its own."""
        self.change(worked_s=seconds)

    def change(self, **fields: object) -> None:
        """Show the stage with some fields changed."""
        from dataclasses import replace

        self._stage = replace(self._stage, **fields)  # pyright: ignore[reportArgumentType] - the callers above name fields of it
        self._shown.show(self._stage)
