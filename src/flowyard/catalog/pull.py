"""One pull: find what is missing, bring it, check it, put it in place. Killed at any point, it goes on from there the next time."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from flowyard.catalog.cards import Card, CardFile
from flowyard.catalog.disk import Disk, disk_errors_told, require_room
from flowyard.catalog.errors import DiskFullError, ModelFileInvalidError, SourceFailedError, UnsafeModelFileError, WrongHashError
from flowyard.catalog.sources import source_of
from flowyard.catalog.sources.ports import Transfer, parse_address
from flowyard.catalog.store import ModelStore, sha256_of
from flowyard.compute.ports import StageReport

#: The stages of a pull, in order.
STAGES = ("resolve", "download", "verify", "install")


class PullReporter(Protocol):
    """Whom a pull tells how far it is. `compute.ports.JobContext` is one."""

    def stage(self, name: str) -> AbstractContextManager[StageReport]:
        """Enter one of `STAGES`."""
        ...

    def check_canceled(self) -> None:
        """Raise when the pull shall stop."""
        ...


class _SilentStage:
    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        """Say nothing."""

    def detail(self, text: str) -> None:
        """Say nothing."""

    def worked(self, seconds: float) -> None:
        """Say nothing."""


class SilentReporter:
    """Tells nobody and never cancels."""

    def stage(self, name: str) -> AbstractContextManager[StageReport]:
        """Enter a stage."""
        del name
        return nullcontext(_SilentStage())

    def check_canceled(self) -> None:
        """Go on."""


@dataclass(slots=True)
class _Wanted:
    """A file that is not there yet, with the sources that were not tried, and what went wrong with the others."""

    file: CardFile
    path: Path
    sources: list[str]
    failures: list[str] = field(default_factory=list[str])
    remedy: str | None = None


def _take_any(path: Path, name: str) -> None:
    del path, name


class Pull:
    """Brings one model into the store."""

    def __init__(
        self,
        card: Card,
        store: ModelStore,
        disk: Disk,
        reporter: PullReporter,
        *,
        token: str | None = None,
        check: Callable[[Path, str], None] = _take_any,
    ) -> None:
        """Prepare a pull. `check` is given each file that came, and its name, once its hash is right; it raises where it must not stay."""
        self._token = token
        self._check = check
        self._card = card
        self._store = store
        self._disk = disk
        self._reporter = reporter

    def run(self) -> None:
        """Do it; when the model is there already, only look.

        Raises:
            SourceFailedError: a file can be had from none of its sources.
            WrongHashError: what the sources gave is not what the card says.
            DiskFullError: there is no room; nothing half-written stays.
            StoreNotWritableError: the store may not be written.
        """
        with disk_errors_told(self._disk, self._store.folder), ExitStack() as held:
            with self._reporter.stage("resolve") as report:
                held.enter_context(self._store.locked(self._card.name, waiting=self._waiting(report)))
                wanted = self._missing(report)
            try:
                with self._reporter.stage("download") as report:
                    for number, one in enumerate(wanted, 1):
                        self._fetch(one, report, one.file.name if len(wanted) == 1 else f"{number} of {len(wanted)}: {one.file.name}")
                with self._reporter.stage("verify") as report:
                    for one in wanted:
                        self._verify(one, report)
                        self._check(one.path, one.file.name)
            except (DiskFullError, UnsafeModelFileError, ModelFileInvalidError):
                self._store.clear_partial(self._card.name)
                raise
            with self._reporter.stage("install"):
                if wanted or self._store.presence(self._card) != "ready":
                    self._store.install(self._card, [one.file for one in wanted])

    def _waiting(self, report: StageReport) -> Callable[[], None]:
        def wait() -> None:
            report.detail("another pull of this model is running")
            self._reporter.check_canceled()

        return wait

    def _missing(self, report: StageReport) -> list[_Wanted]:
        """Return the files to bring. Those that lie there without a manifest that vouches for them are read and checked."""
        card, store = self._card, self._store
        manifest = store.manifest(card.name)
        missing = [file for file in card.files if not store.is_whole(card, file, manifest) and not self._lies_there(file, report)]
        wanted = [_Wanted(file, store.partial(card.name) / file.name, list(file.sources)) for file in missing]
        if wanted:
            require_room(self._disk, store.folder, card.bytes_total - store.bytes_present(card))
            store.partial(card.name).mkdir(parents=True, exist_ok=True)
        return wanted

    def _lies_there(self, file: CardFile, report: StageReport) -> bool:
        path = self._store.path(self._card.name) / file.name
        if not path.is_file() or path.stat().st_size != file.bytes:
            return False
        report.detail(f"checking {file.name}, which is there already")
        return sha256_of(path, each=lambda _: self._reporter.check_canceled()) == file.sha256

    def _fetch(self, one: _Wanted, report: StageReport, shown: str) -> None:
        """Bring one file from the first source that gives it."""
        report.detail(shown)
        transfer = Transfer(
            folder=one.path.parent,
            check_canceled=self._reporter.check_canceled,
            progress=lambda done, total: report.progress(done, total, "bytes"),
            detail=lambda text: report.detail(f"{shown}, {text}"),
            disk=self._disk,
            token=self._token,
        )
        while one.sources:
            address = parse_address(one.sources.pop(0))
            try:
                source_of(address).fetch(address, one.path, transfer)
            except SourceFailedError as error:
                one.failures.append(f"{address}: {error.message}")
                one.remedy = one.remedy or error.remedy
            else:
                return
        raise SourceFailedError(f"{one.file.name} of {self._card.name} cannot be had. Tried: {' '.join(one.failures)}", remedy=one.remedy)

    def _verify(self, one: _Wanted, report: StageReport) -> None:
        """Check one file; what a source gave wrongly is deleted, and the next source asked."""
        file = one.file

        def read(done: int) -> None:
            self._reporter.check_canceled()
            report.progress(done, file.bytes, "bytes")

        report.detail(file.name)
        while (found := sha256_of(one.path, each=read)) != file.sha256:
            size = one.path.stat().st_size
            # Also what it was taken from: a wheel that is kept would give the same again.
            self._store.clear_partial(self._card.name, keep={other.name for other in self._card.files} - {file.name})
            if not one.sources:
                raise WrongHashError(
                    f"{file.name} of {self._card.name} is not the expected file: expected SHA-256 {file.sha256} ({file.bytes:,} bytes), "
                    f"got {found} ({size:,} bytes). It was deleted.",
                    remedy="Pull again; if it stays so, the source has changed or something on the way changes files (a proxy?).",
                )
            self._fetch(one, report, file.name)
