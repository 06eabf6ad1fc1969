"""The catalog of this machine: cards, and the store of files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flowyard.catalog import presenting
from flowyard.catalog.cards import Card
from flowyard.catalog.disk import Disk, LocalDisk, disk_errors_told
from flowyard.catalog.errors import ModelInUseError, ModelNotLocalError, ModelNotPulledError, ModelUnknownError
from flowyard.catalog.fit.service import FitQuery, fit_of, this_machine
from flowyard.catalog.fit.service import fits as fits_here
from flowyard.catalog.ports import Fits
from flowyard.catalog.pull import Pull, PullReporter, SilentReporter
from flowyard.catalog.shelf import CardShelf
from flowyard.catalog.store import ModelStore, sha256_of
from flowyard.compute.model import ProcessSpec
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import nearest
from flowyard.inference.engines import IDLE_TIMEOUT_S, EngineSettings, engine_key, engine_spec
from flowyard.wire.model_fit import ModelFit
from flowyard.wire.models import Model, ModelState


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEngine:
    """How to run a model: its process, and the key that its engine wants as a bearer token.

    `slots` is how many calls it computes at once; None where they are not counted.
    """

    process: ProcessSpec
    key: str
    slots: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyModel:
    """A model that is here whole, and since when."""

    name: str
    publisher: str
    pulled_ns: int


class Catalog:
    """What models there are and which are here. Needs the runtime only; safe to use from many threads and processes.

    Args:
        folder: ``<home>/models``.
        cards: the cards there are, in place of the product's and those in `folders`.
        folders: where further cards are; they are read again when they change. None: ``<home>/cards``.
        disk: what is written to.
        fits: says whether a model runs here.
    """

    def __init__(
        self,
        folder: Path,
        *,
        cards: Mapping[str, Card] | None = None,
        folders: Sequence[Path] | None = None,
        disk: Disk | None = None,
        fits: Fits = fits_here,
    ) -> None:
        self._store = ModelStore(folder)
        own = [folder.parent / "cards"] if folders is None else folders
        self._shelf = CardShelf(own) if cards is None else CardShelf((), built_in=cards)
        self._disk = disk or LocalDisk()
        self._fits = fits

    def list(self) -> tuple[Model, ...]:
        """Return all models, by name."""
        return tuple(self._model(card) for _, card in sorted(self._shelf.cards().items()))

    def ready(self) -> tuple[ReadyModel, ...]:
        """Return the models that are here whole, by name."""
        here = [card for _, card in sorted(self._shelf.cards().items()) if card.files and self._store.presence(card) == "ready"]
        found = [(card, self._store.manifest(card.name)) for card in here]
        return tuple(ReadyModel(name=card.name, publisher=card.publisher, pulled_ns=put.pulled_ns) for card, put in found if put)

    def names(self) -> tuple[str, ...]:
        """Return the names of all models."""
        return tuple(sorted(self._shelf.cards()))

    def problems(self) -> tuple[str, ...]:
        """Return why cards were left out, one message a card."""
        return self._shelf.problems()

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
        cards = self._shelf.cards()
        card = cards.get(name)
        if card is None:
            like = nearest(name, set(cards))
            remedy = f"Did you mean {like!r}?" if like else "See: flowyard model list"
            raise ModelUnknownError(f"The catalog has no model {name!r}.", remedy=remedy)
        return card

    def fit(self, name: str, query: FitQuery) -> ModelFit:
        """Return whether a model fits into this machine.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotLocalError: it is hosted.
            FitInvalidError: what is asked cannot be.
        """
        card = self.card(name)
        left = card.bytes_total - self._store.bytes_present(card) if card.files else None
        there = next(folder for folder in (self._store.folder, *self._store.folder.parents) if folder.is_dir())
        return replace(fit_of(card, query, this_machine()), download_bytes=left, disk_free=self._disk.free(there))

    def folder(self, name: str) -> Path:
        """Return the folder of a model that is here.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotLocalError: it is hosted.
            ModelNotPulledError: it is not here, or damaged.
        """
        card = self.card(name)
        self._engine_settings(card)
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
        folder, key, settings = self.folder(name), engine_key(secret, name), self._engine_settings(self.card(name))
        return LocalEngine(
            process=engine_spec(name, folder, settings, api_key=key, idle_timeout_s=idle_timeout_s),
            key=key,
            slots=settings.parallel if settings.kind != "onnx" else None,
        )

    def engine_settings(self, name: str) -> EngineSettings:
        """Return how a model's engine runs it.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotLocalError: it is hosted.
            ModelNotPulledError: which files it has is not known yet.
        """
        return self._engine_settings(self.card(name))

    def pull(self, name: str, reporter: PullReporter | None = None) -> Model:
        """Bring a model here and return it. A pull that was cut short goes on where it stopped; a model that is here costs nothing.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotLocalError: it is hosted.
            SourceFailedError: none of its sources can be reached.
            WrongHashError: what came is not the expected file; it was deleted.
            DiskFullError: there is no room; nothing half-written was kept.
        """
        card = self.card(name)
        self._engine_settings(card)
        Pull(card, self._store, self._disk, reporter or SilentReporter()).run()
        return self._model(card)

    def take_in(
        self, card: Card, reporter: PullReporter, *, token: str | None = None, check: Callable[[Path, str], None] | None = None
    ) -> Path:
        """Bring the files of a card that need not be in the catalog, and return their folder.

        Args:
            card: its name is the folder's.
            reporter: told how far it is.
            token: for a hub.
            check: given each file that came and its name; raises where it must not stay.

        Raises:
            SourceFailedError, WrongHashError, DiskFullError, StoreNotWritableError: as `pull`.
            FlowyardError: what `check` raises; nothing that came is kept then.
        """
        more = {} if check is None else {"check": check}
        Pull(card, self._store, self._disk, reporter, token=token, **more).run()
        return self._store.path(card.name)

    def find(self, name: str) -> Card | None:
        """Return a model's card, or None where there is none."""
        return self._shelf.cards().get(name)

    def forget(self, name: str) -> None:
        """Delete the files of a model that no card is kept of."""
        with disk_errors_told(self._disk, self._store.folder):
            self._store.remove(name)

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

    def _engine_settings(self, card: Card) -> EngineSettings:
        """Return how the model's engine runs it (ModelNotLocalError, ModelNotPulledError: nobody here does)."""
        if card.engine is not None:
            return card.engine
        if card.connection is not None:
            raise ModelNotLocalError(
                f"The model {card.name!r} is hosted by others: there is nothing of it to have here.",
                remedy=f"Call it as <connection>/{card.connection.model}, over a connection of type {' or '.join(card.connection.types)}.",
            )
        raise ModelNotPulledError(f"The model {card.name!r} is not on this machine.", remedy=f"Run: flowyard model pull {card.name}")

    def _model(self, card: Card) -> Model:
        presence = self._store.presence(card) if card.files else "absent"
        state: ModelState = "not_pulled" if presence == "absent" else presence
        if card.connection is not None:
            state = "remote"
        elif state != "ready" and self._store.is_locked(card.name):
            state = "pulling"
        manifest = self._store.manifest(card.name)
        fit = self._fits(card)
        return Model(
            **presenting.facts(card),
            runs_here=fit.runs,
            runs_here_reason=fit.reason,
            state=state,
            call=None if card.connection is not None else card.name,
            bytes_total=card.bytes_total if card.files else None,
            bytes_present=self._store.bytes_present(card),
            pulled_at=to_rfc3339(manifest.pulled_ns) if manifest and state in {"ready", "damaged"} else None,
            engine_state="stopped" if state == "ready" else "none",
        )


def _refuse(name: str) -> None:
    raise ModelInUseError(f"The model {name!r} is being pulled.", remedy="Wait for the pull to end, or cancel it.")
