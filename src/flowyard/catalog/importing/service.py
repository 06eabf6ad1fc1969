"""Imports: from a hub or a folder to a model of the catalog that its engine runs."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from flowyard.catalog.cards import NAME, REPOSITORY, Card, CardFile
from flowyard.catalog.disk import make_durable
from flowyard.catalog.errors import AddressInvalidError, ModelFileInvalidError, ModelNameTakenError, UnsafeModelFileError
from flowyard.catalog.facts import Origin
from flowyard.catalog.formats.gguf import read_gguf
from flowyard.catalog.formats.safetensors import read_safetensors
from flowyard.catalog.formats.unsafe import require_safe, unsafe_files
from flowyard.catalog.importing.choice import Choice, choose
from flowyard.catalog.importing.making import COLLECTION, finished, look_into, provisional
from flowyard.catalog.importing.ports import ModelHub, Repository
from flowyard.catalog.pull import STAGES as PULL_STAGES
from flowyard.catalog.pull import PullReporter
from flowyard.catalog.service import Catalog
from flowyard.catalog.store import sha256_of
from flowyard.compute.ports import StageReport
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.wire.models import ModelImportCreate

#: The stages of an import, in order: look at what there is and choose, then as a pull.
STAGES = ("look", *PULL_STAGES)
MLFLOW_MARK = "MLmodel"
_MOST_FILES = 20_000
_HUB = re.compile(r"hf:(?://)?(?P<repository>[^@]+)(?:@(?P<revision>[\w./-]{1,200}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What is to be imported.

    Attributes:
        source: ``hf:organization/name[@revision]``, or how a folder or file was named by who asked.
        path: that folder or file.
        name: the model's in the catalog; None makes one of the source's.
        files: those to take, where the choice is not left to us.
        token: for the hub.
        license: what whoever imports it says that the license is, where the source says nothing.
        asked_by: who.
    """

    source: str
    path: Path | None = None
    name: str | None = None
    files: tuple[str, ...] = ()
    token: str | None = None
    license: str | None = None
    asked_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was found at the source, and chosen of it."""

    choice: Choice
    files: tuple[CardFile, ...]
    repository: Repository | None = None


class Importer:
    """Imports models. `cards` is the folder of the installation's own cards; `hub` where repositories are."""

    def __init__(self, catalog: Catalog, cards: Path, hub: ModelHub) -> None:
        self._catalog = catalog
        self._cards = cards
        self._hub = hub

    def run(self, order: ImportOrder, reporter: PullReporter) -> Card:
        """Import a model and return its card. One that was cut short goes on where it stopped when it is asked for again.

        Raises:
            AddressInvalidError: the source or the name has not the form that it should have.
            ModelNameTakenError: the catalog has another model of this name.
            HubRefusedError, SourceFailedError: the source does not give it.
            UnsafeModelFileError: a file can run code when it is loaded; nothing is kept.
            ModelFileInvalidError: a file is not of its format, or no engine here runs the model.
            WrongHashError, DiskFullError, StoreNotWritableError: as `Catalog.pull`.
        """
        name = order.name or name_of(order.source)
        base = check_name(self._catalog, name, order.source)
        with reporter.stage("look") as report:
            looked = self._look(order, report, reporter)
        origin = Origin(
            source=order.source,
            revision=looked.repository.revision if looked.repository else None,
            imported_at=to_rfc3339(now_ns()),
            imported_by=order.asked_by,
        )
        draft = provisional(name, looked.choice, looked.files, origin)
        folder = self._catalog.take_in(draft, reporter, token=order.token, check=check_file)
        try:
            card = finished(draft, look_into(folder, looked.choice), looked.repository, base)
        except ModelFileInvalidError:
            self._catalog.forget(name)
            raise
        if order.license and card.license == "unknown":
            card = msgspec.structs.replace(card, license=order.license)
        if order.path is not None:
            kept = tuple(msgspec.structs.replace(file, sources=(_address(order.source, file),)) for file in card.files)
            card = msgspec.structs.replace(card, files=kept)
        self._write(card)
        return card

    def _look(self, order: ImportOrder, report: StageReport, reporter: PullReporter) -> _Looked:
        if order.path is not None:
            return self._look_into_folder(order, order.path, report, reporter)
        repository_name, revision = hub_address(order.source)
        report.detail(f"asking the hub about {repository_name}")
        repository = self._hub.repository(repository_name, revision, order.token)
        known = {file.name: file for file in repository.files}
        choice = choose(repository_name, list(known), order.files)
        files: list[CardFile] = []
        for name in choice.files:
            reporter.check_canceled()
            file, address = known[name], f"hf://{repository.name}@{repository.revision}/{name}"
            if file.sha256 is not None and file.bytes is not None:
                files.append(CardFile(name=name, bytes=file.bytes, sha256=file.sha256, sources=(address,)))
                continue
            if name == choice.main:
                raise ModelFileInvalidError(f"The hub does not say what {name} hashes to.", remedy="Its answer is incomplete; try again.")
            content = self._hub.read(repository, file, order.token)
            files.append(CardFile(name=name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), sources=(address,)))
        for name in choice.left_out:
            report.detail(f"left out: {name}, which can run code when it is loaded")
        return _Looked(choice=choice, files=tuple(files), repository=repository)

    def _look_into_folder(self, order: ImportOrder, path: Path, report: StageReport, reporter: PullReporter) -> _Looked:
        if path.is_dir() and (path / MLFLOW_MARK).is_file():
            raise ModelFileInvalidError(
                f"{order.source} is an MLflow model, which is no model for an engine.",
                remedy="Register it: flowyard model register NAME PATH",
            )
        folder = path if path.is_dir() else path.parent
        names = [path.name]
        if path.is_dir():
            for name, reason in unsafe_files(path):
                raise UnsafeModelFileError(
                    f"{name} is refused: {reason}.", remedy="Take it out of the folder if the model does not need it, and import again."
                )
            names = sorted(found.relative_to(path).as_posix() for found in path.rglob("*") if found.is_file())[:_MOST_FILES]
        choice = choose(order.source, names, order.files or ((path.name,) if path.is_file() and path.suffix == ".gguf" else ()))
        files: list[CardFile] = []
        for name in choice.files:
            report.detail(name)
            size = (folder / name).stat().st_size

            def read(done: int, total: int = size) -> None:
                reporter.check_canceled()
                report.progress(done, total, "bytes")

            digest = sha256_of(folder / name, each=read)
            files.append(CardFile(name=name, bytes=size, sha256=digest, sources=((folder / name).absolute().as_uri(),)))
        return _Looked(choice=choice, files=tuple(files))

    def _write(self, card: Card) -> None:
        """Put a card where all processes read it."""
        self._cards.mkdir(parents=True, exist_ok=True)
        fresh = self._cards / f".{card.name}.{os.getpid()}.new"
        told: Any = msgspec.to_builtins(card)
        fresh.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=130), encoding="utf-8")
        make_durable(fresh)
        fresh.replace(self._cards / f"{card.name}.yaml")
        make_durable(self._cards)


def check_name(catalog: Catalog, name: str, source: str) -> Card | None:
    """Return the curated card that an import under `name` is to fill, or None where it makes a card of its own.

    Raises:
        AddressInvalidError: it is no name of a model.
        ModelNameTakenError: the catalog has another model of this name.
    """
    if not NAME.fullmatch(name):
        raise AddressInvalidError(
            f"{name!r} is no name of a model.", remedy="Use up to 64 of a-z 0-9 . _ -, a letter or digit first: --name NAME."
        )
    there = catalog.find(name)
    if there is None or (there.origin is not None and there.origin.source == source):
        return there if there is not None and there.collection != COLLECTION else None
    places = () if there.hub is None else (there.hub.repository, there.hub.gguf)
    found = _HUB.fullmatch(source)
    if there.access == "hub" and found is not None and found["repository"] in places:
        return there
    raise ModelNameTakenError(f"The catalog has a model {name!r} already.", remedy="Give another: --name NAME.")


def hub_order(card: Card) -> ModelImportCreate | None:
    """Return what brings a model whose place on the hub is known and whose files are not; None for all others."""
    if card.hub is None or card.files:
        return None
    place = card.hub.gguf or card.hub.repository
    revision = "" if card.hub.revision == "main" else f"@{card.hub.revision}"
    return ModelImportCreate(source=f"hf:{place}{revision}", name=card.name, files=(card.hub.file,) if card.hub.file else ())


def hub_address(source: str) -> tuple[str, str]:
    """Return the repository and the revision that a source names.

    Raises:
        AddressInvalidError: it has not the form ``hf:organization/name[@revision]``.
    """
    found = _HUB.fullmatch(source)
    if found is None or not REPOSITORY.fullmatch(found["repository"]) or ".." in source:
        raise AddressInvalidError(
            f"{source[:200]!r} is no model of a hub.", remedy="Write hf:organization/name, or hf:organization/name@revision."
        )
    return found["repository"], found["revision"] or "main"


def name_of(source: str) -> str:
    """Return the name that a model gets of its source, when nobody gives one."""
    found = _HUB.fullmatch(source)
    last = found["repository"] if found else source.rstrip("/")
    last = last.rpartition("/")[2].removesuffix(".gguf").removesuffix(".safetensors")
    return re.sub(r"[^a-z0-9._-]+", "-", last.lower()).strip("-._")[:64]


def check_file(path: Path, name: str) -> None:
    """Check a file that came: it must not run code, and must be of the format that its name says.

    Raises:
        UnsafeModelFileError, ModelFileInvalidError: it is not so.
    """
    require_safe(path, name=name)
    if name.lower().endswith(".gguf"):
        read_gguf(path)
    elif name.lower().endswith(".safetensors"):
        read_safetensors(path)


def _address(source: str, file: CardFile) -> str:
    """Return what a card says of where an uploaded or local file came from."""
    return file.sources[0] if not source.startswith("upload:") else f"upload://{source.removeprefix('upload:')}/{file.name}"
