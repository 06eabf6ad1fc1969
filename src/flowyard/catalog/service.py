"""The catalog of this machine: cards, and the store of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowyard.catalog.cards import Card, built_in_cards, own_cards
from flowyard.catalog.disk import Disk, LocalDisk, disk_errors_told
from flowyard.catalog.errors import ModelInUseError, ModelNotPulledError, ModelUnknownError
from flowyard.catalog.pull import Pull, PullReporter, SilentReporter
from flowyard.catalog.store import ModelStore, sha256_of
from flowyard.compute.model import ProcessSpec
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import nearest
from flowyard.inference.engines import IDLE_TIMEOUT_S, engine_key, engine_spec
from flowyard.wire.models import Model, ModelFile, ModelState


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEngine:
    """How to run a model: its process, and the key that its engine wants as a bearer token.

    `slots` is how many calls it computes at once; None where they are not counted.
    """

    process: ProcessSpec
    key: str
    slots: int | None = None


class Catalog:
    """What models there are and which are here. Needs the runtime only; safe to use from many threads and processes.

    `folder` is ``<home>/models``; `cards` are the built-in ones and those in ``<home>/cards`` unless others are given.
    """

    def __init__(self, folder: Path, *, cards: Mapping[str, Card] | None = None, disk: Disk | None = None) -> None:
        self._store = ModelStore(folder)
        self._cards = dict({**built_in_cards(), **own_cards(folder.parent / "cards")} if cards is None else cards)
        self._disk = disk or LocalDisk()

    def list(self) -> tuple[Model, ...]:
        """Return all models, by name."""
        return tuple(self._model(card) for _, card in sorted(self._cards.items()))

    def get(self, name: str) -> Model:
        """Return one model.

        Raises:
            ModelUnknownError: the catalog has none of this name; the remedy names the nearest.
        """
        return self._model(self.card(name))

    def card(self, name: str) -> Card:
        """Return a model's card.

        Raises:
            ModelUnknownError: there is none of this name.
        """
        card = self._cards.get(name)
        if card is None:
            like = nearest(name, set(self._cards))
            remedy = f"Did you mean {like!r}?" if like else "See: flowyard model list"
            raise ModelUnknownError(f"The catalog has no model {name!r}.", remedy=remedy)
        return card

    def folder(self, name: str) -> Path:
        """Return the folder of a model that is here.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotPulledError: it is not here, or damaged.
        """
        card = self.card(name)
        presence = self._store.presence(card)
        if presence != "ready":
            reason = "is damaged" if presence == "damaged" else "is not on this machine"
            raise ModelNotPulledError(f"The model {name!r} {reason}.", remedy=f"Run: flowyard model pull {name}")
        return self._store.path(name)

    def engine(self, name: str, secret: str, *, idle_timeout_s: float | None = IDLE_TIMEOUT_S) -> LocalEngine:
        """Return how to run a model that is here. `secret` is one that all who call engines share: the engine's key is made of it.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotPulledError: it is not here, or damaged.
        """
        folder, key, settings = self.folder(name), engine_key(secret, name), self.card(name).engine
        return LocalEngine(
            process=engine_spec(name, folder, settings, api_key=key, idle_timeout_s=idle_timeout_s),
            key=key,
            slots=settings.parallel if settings.kind != "onnx" else None,
        )

    def pull(self, name: str, reporter: PullReporter | None = None) -> Model:
        """Bring a model here and return it. A pull that was cut short goes on where it stopped; a model that is here costs nothing.

        Raises:
            ModelUnknownError: there is no such model.
            SourceFailedError: none of its sources can be reached.
            WrongHashError: what came is not the expected file; it was deleted.
            DiskFullError: there is no room; nothing half-written was kept.
        """
        card = self.card(name)
        Pull(card, self._store, self._disk, reporter or SilentReporter()).run()
        return self._model(card)

    def remove(self, name: str) -> Model:
        """Delete a model's files and return the model, which can be pulled again.

        Raises:
            ModelUnknownError: there is no such model.
            ModelInUseError: it is being pulled.
        """
        card = self.card(name)
        with disk_errors_told(self._disk, self._store.folder), self._store.locked(name, waiting=lambda: _refuse(name)):
            self._store.remove(name)
        return self._model(card)

    def verify(self, name: str, reporter: PullReporter | None = None) -> Model:
        """Read all files of a model that is here, compare their hashes, and return it as ``ready`` or ``damaged``.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotPulledError: it is not here.
            ModelInUseError: it is being pulled.
        """
        card = self.card(name)
        teller = reporter or SilentReporter()
        with self._store.locked(name, waiting=lambda: _refuse(name)):
            if self._store.manifest(name) is None:
                raise ModelNotPulledError(f"The model {name!r} is not on this machine.", remedy=f"Run: flowyard model pull {name}")
            with teller.stage("verify") as report:
                damaged: list[str] = []
                for file in card.files:
                    report.detail(file.name)
                    path = self._store.path(name) / file.name
                    if not path.is_file() or sha256_of(path, each=lambda _: teller.check_canceled()) != file.sha256:
                        damaged.append(file.name)
            self._store.mark_damaged(name, damaged)
        return self._model(card)

    def _model(self, card: Card) -> Model:
        presence = self._store.presence(card)
        state: ModelState = "not_pulled" if presence == "absent" else presence
        if state != "ready" and self._store.is_locked(card.name):
            state = "pulling"
        manifest = self._store.manifest(card.name)
        return Model(
            name=card.name,
            display_name=card.display_name,
            publisher=card.publisher,
            task=card.task,
            license=card.license,
            description=card.description.strip(),
            intended_use=card.intended_use.strip(),
            limits=card.limits.strip(),
            parameters=card.parameters,
            context_length=card.context_length,
            dimensions=card.dimensions,
            languages=card.languages,
            capabilities=card.capabilities,
            files=tuple(ModelFile(name=file.name, sources=file.sources, bytes=file.bytes, sha256=file.sha256) for file in card.files),
            sample_input=card.sample_input,
            state=state,
            bytes_total=card.bytes_total,
            bytes_present=self._store.bytes_present(card),
            pulled_at=to_rfc3339(manifest.pulled_ns) if manifest and state in {"ready", "damaged"} else None,
            engine_state="stopped" if state == "ready" else "none",
        )


def _refuse(name: str) -> None:
    raise ModelInUseError(f"The model {name!r} is being pulled.", remedy="Wait for the pull to end, or cancel it.")
