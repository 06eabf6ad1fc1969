"""The registry as routes and deployments ask for it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from flowyard.catalog.cards import Card
from flowyard.catalog.errors import UnsafeModelFileError
from flowyard.catalog.formats.unsafe import unsafe_files, why_unsafe
from flowyard.catalog.importing.places import Uploads
from flowyard.catalog.registry.errors import RegisteredModelExistsError, RegisteredModelUnknownError
from flowyard.catalog.registry.files import RegistryFiles
from flowyard.catalog.registry.model import RegistryRecord
from flowyard.catalog.registry.ports import RegistryStore
from flowyard.catalog.registry.rules import require_allowed
from flowyard.catalog.service import Catalog
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import AuditTrail, audit_record
from flowyard.identity.errors import PermissionDeniedError
from flowyard.identity.model import Caller
from flowyard.identity.permissions import allowed
from flowyard.wire.model_registry import (
    LicenseRules,
    ModelPromotionCreate,
    RegisteredModel,
    RegisteredModelCreate,
    RegisteredModelUpdate,
    RegisteredType,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}")
_REFERENCE = re.compile(
    r"azureml:(?P<name>[\w.-]+)(?::(?P<version>[\w.-]+)|@(?P<label>[\w.-]+))?"
    r"|azureml://(?:registries|locations|subscriptions)/.*models/(?P<long>[\w.-]+)(?:/(?:versions|labels)/(?P<long_version>[\w.-]+))?"
    r"|models:/(?P<mlflow>[\w.-]+)(?:/(?P<mlflow_version>[\w.-]+)|@(?P<mlflow_alias>[\w.-]+))?"
)
_MARK = "MLmodel"
_LARGEST_MARK = 1_000_000
_MOST_TAGS, _MOST_ALIASES = 100, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a reference stands for: a model of the catalog, or a folder with files of its own."""

    name: str
    version: str
    type: RegisteredType
    model: str | None
    folder: Path | None


class ModelRegistry:
    """Registered models by name, within the caller's workspace."""

    def __init__(self, store: RegistryStore, catalog: Catalog, files: RegistryFiles, uploads: Uploads, audit: AuditTrail) -> None:
        self._store = store
        self._catalog = catalog
        self._files = files
        self._uploads = uploads
        self._audit = audit

    def list(self, caller: Caller, *, archived: bool = False) -> tuple[RegisteredModel, ...]:
        """Return the latest version of each model, by name: of those that are archived as a whole, or of the others."""
        by_name: dict[str, list[RegistryRecord]] = {}
        for record in self._store.versions(caller.workspace_id):
            by_name.setdefault(record.name, []).append(record)
        found: list[RegisteredModel] = []
        for _, records in sorted(by_name.items()):
            shown = [record for record in records if record.archived == archived]
            if shown and (archived is False or all(record.archived for record in records)):
                found.append(_show(shown[0], len(records)))
        return tuple(found)

    def versions(self, caller: Caller, name: str) -> tuple[RegisteredModel, ...]:
        """Return all versions of a model, the latest first (RegisteredModelUnknownError: there is none)."""
        records = self._all(caller.workspace_id, name)
        return tuple(_show(record, len(records)) for record in records)

    def get(self, caller: Caller, name: str, version: str) -> RegisteredModel:
        """Return a version by its number, an alias, a stage (its latest), or ``latest``.

        Raises:
            RegisteredModelUnknownError: there is none.
        """
        records = self._all(caller.workspace_id, name)
        return _show(_pick(records, name, version), len(records))

    def create(self, caller: Caller, order: RegisteredModelCreate) -> RegisteredModel:
        """Register a version.

        Raises:
            InvalidInputError: name, version or tags are not valid, or not one of `model` and `upload` is given.
            ModelUnknownError, UploadNotFoundError: there is no such thing.
            UnsafeModelFileError: a file can run code, and that was not allowed.
            RegisteredModelExistsError: the version is there.
        """
        _check_create(order)
        record = self._of_catalog(caller, order, self._catalog.card(order.model)) if order.model else self._of_upload(caller, order)
        return self._add(caller, record, "model.register")

    def update(self, caller: Caller, name: str, version: str, change: RegisteredModelUpdate) -> RegisteredModel:
        """Change stage, description, tags or aliases of a version.

        Raises:
            RegisteredModelUnknownError: there is none.
            InvalidInputError: a tag or an alias is not valid.
        """
        record = _pick(self._all(caller.workspace_id, name), name, version)
        given = {"stage": change.stage, "description": change.description, "tags": change.tags, "aliases": change.aliases}
        values = {key: value for key, value in given.items() if value is not None}
        _check_tags(change.tags or {})
        for alias in change.aliases or ():
            if not _NAME.fullmatch(alias) or alias == "latest" or alias.isdecimal():
                raise InvalidInputError(
                    f"{alias[:100]!r} is no alias.", remedy="Use letters, digits and ._-; 'latest' and numbers are taken."
                )
        if len(change.aliases or ()) > _MOST_ALIASES:
            raise InvalidInputError(f"A version has at most {_MOST_ALIASES} aliases.", remedy="Leave some out.")
        if values:
            self._store.update(caller.workspace_id, [record.id], values, audit_record(caller, "model.update", _target(record), values))
        return self.get(caller, name, record.version)

    def set_archived(self, caller: Caller, name: str, version: str | None, *, archived: bool) -> None:
        """Archive or restore a version, or all of them. What refers to it goes on working.

        Raises:
            RegisteredModelUnknownError: there is none.
        """
        records = self._all(caller.workspace_id, name)
        chosen = records if version is None else [_pick(records, name, version)]
        action = "model.archive" if archived else "model.restore"
        audit = audit_record(caller, action, f"registry/{name}" if version is None else _target(chosen[0]))
        self._store.update(caller.workspace_id, [record.id for record in chosen], {"archived": archived}, audit)

    def promote(self, caller: Caller, target: Caller | None, name: str, version: str, order: ModelPromotionCreate) -> RegisteredModel:
        """Copy a version to another workspace, with where it came from, and return the copy.

        Args:
            caller: in the workspace that has it.
            target: the same person or the key of the other workspace, there; None when they are not in it.
            name: the model's.
            version: its version, alias or stage.
            order: where to, and under which name.

        Raises:
            PermissionDeniedError: the right to write models is missing in one of the two.
            RegisteredModelUnknownError: there is no such version.
        """
        if target is None or not allowed(target.role, "models:write"):
            raise PermissionDeniedError(
                f"This needs the permission models:write in the workspace {order.workspace!r} too.",
                remedy="Sign in as somebody who has it in both, or give a key of that workspace (target_key).",
            )
        record = _pick(self._all(caller.workspace_id, name), name, version)
        if record.digest is not None:
            self._files.keep(target.workspace_id, record.digest, self._files.path(caller.workspace_id, record.digest))
        origin = {
            "kind": "promotion", "workspace": caller.workspace, "name": record.name, "version": record.version, "by": caller.actor,
            "from": record.origin,
        }  # fmt: skip
        copy = replace(
            record,
            id=new_id(),
            workspace_id=target.workspace_id,
            name=order.name or record.name,
            version="",
            stage=order.stage,
            aliases=(),
            archived=False,
            origin=origin,
            created_ns=now_ns(),
            created_by=target.actor,
        )
        _check_name(copy.name)
        made = self._add(target, copy, "model.promote")
        self._audit.record(
            caller, "model.promote", _target(record), {"workspace": target.workspace, "name": made.name, "version": made.version}
        )
        return made

    def resolve(self, workspace_id: str, text: str) -> Resolved | None:
        """Return what ``azureml:<name>:<version>``, ``azureml:<name>@<label>``, ``azureml://registries/…/models/<name>/versions/<version>``
        or ``models:/<name>/<version>`` stands for; None where it has none of these forms.

        Raises:
            RegisteredModelUnknownError: there is no such version.
            LicenseDeniedError: a rule of the workspace denies the license of its files.
        """
        found = _REFERENCE.fullmatch(text)
        if found is None:
            return None
        name = found["name"] or found["long"] or found["mlflow"]
        version = next(
            (found[key] for key in ("version", "label", "long_version", "mlflow_version", "mlflow_alias") if found[key]), "latest"
        )
        records = self._store.versions(workspace_id, name)
        if not records and self._catalog.find(name) is not None:
            return Resolved(name=name, version=version, type="catalog_model", model=name, folder=None)
        record = _pick(self._all(workspace_id, name), name, version)
        if record.model is None:
            require_allowed(self._store.rules(workspace_id), record.license)
        folder = None if record.digest is None else self._files.path(workspace_id, record.digest)
        return Resolved(name=record.name, version=record.version, type=record.type, model=record.model, folder=folder)

    def require_license(self, workspace_id: str, card: Card) -> None:
        """Check that a model of the catalog may be deployed (LicenseDeniedError: a rule denies it)."""
        require_allowed(self._store.rules(workspace_id), card.license, card.license_kind)

    def rules(self, workspace_id: str) -> LicenseRules:
        """Return which licenses the workspace deploys."""
        return self._store.rules(workspace_id)

    def set_rules(self, caller: Caller, rules: LicenseRules) -> LicenseRules:
        """Replace the rules. What serves already goes on.

        Raises:
            InvalidInputError: there are too many, or one is empty.
        """
        words = (*rules.allow, *rules.deny)
        if len(words) > _MOST_TAGS or any(not word.strip() or len(word) > _MOST_TAGS for word in words):
            raise InvalidInputError(
                "A rule is the name or the class of a license.", remedy="Write for instance Apache-2.0 or non-commercial."
            )
        detail = {"allow": list(rules.allow), "deny": list(rules.deny)}
        self._store.set_rules(caller.workspace_id, rules, audit_record(caller, "model.licenses", "registry/licenses", detail))
        return rules

    def _of_catalog(self, caller: Caller, order: RegisteredModelCreate, card: Card) -> RegistryRecord:
        revision = card.origin.revision if card.origin else None
        print_of = ",".join(file.sha256 for file in card.files) or (card.hub.revision if card.hub else "") or card.name
        origin: dict[str, Any] = {"kind": "catalog", "model": card.name, "revision": revision}
        base = _record(caller, order, "catalog_model", print_of[:200], (card.bytes_total, len(card.files)), origin)
        return replace(base, model=card.name, license=card.license)

    def _of_upload(self, caller: Caller, order: RegisteredModelCreate) -> RegistryRecord:
        reference = str(order.upload)
        path = self._uploads.path(caller.workspace_id, reference)
        digest = reference.removeprefix("upload:").partition("/")[0]
        unsafe = list(unsafe_files(path)) if path.is_dir() else [(path.name, reason)] if (reason := why_unsafe(path)) else []
        if unsafe and not order.allow_code:
            name, reason = unsafe[0]
            raise UnsafeModelFileError(
                f"{name} is refused: {reason}.",
                remedy="If you trust it, register it with --allow-code: it is then loaded in the processes of its deployments only.",
            )
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        flavors = _flavors(path / _MARK) if path.is_dir() and (path / _MARK).is_file() else ()
        kind: RegisteredType = "mlflow_model" if flavors else "custom_model"
        self._files.keep(caller.workspace_id, digest, path)
        size = (sum(file.stat().st_size for file in files), len(files))
        base = _record(caller, order, kind, digest, size, {"kind": "upload"})
        return replace(base, digest=digest, flavors=flavors, runs_code=bool(unsafe))

    def _add(self, caller: Caller, record: RegistryRecord, action: str) -> RegisteredModel:
        given = bool(record.version)
        while True:
            present = self._store.versions(caller.workspace_id, record.name)
            record = record if given else replace(record, version=_next_version(present))
            try:
                self._store.add(record, audit_record(caller, action, _target(record)))
            except RegisteredModelExistsError:
                if given:
                    raise
                continue  # somebody else was first with this number
            return _show(record, len(present) + 1)

    def _all(self, workspace_id: str, name: str) -> Sequence[RegistryRecord]:
        found = self._store.versions(workspace_id, name)
        if not found:
            near = nearest(name, {record.name for record in self._store.versions(workspace_id)})
            remedy = f"Did you mean {near!r}?" if near else "List them with: flowyard model registered"
            raise RegisteredModelUnknownError(f"There is no registered model {name!r}.", remedy=remedy)
        return found


def _pick(records: Sequence[RegistryRecord], name: str, version: str) -> RegistryRecord:
    live = [record for record in records if not record.archived] or records
    for record in records:
        if record.version == version or version in record.aliases:
            return record
    for record in live:
        if version == "latest" or record.stage.lower() == version.lower():
            return record
    known = ", ".join(record.version for record in records[:10])
    raise RegisteredModelUnknownError(f"The registered model {name!r} has no version {version!r}.", remedy=f"It has: {known}.")


def _record(
    caller: Caller, order: RegisteredModelCreate, kind: RegisteredType, fingerprint: str, size: tuple[int, int], origin: dict[str, Any]
) -> RegistryRecord:
    return RegistryRecord(
        id=new_id(),
        workspace_id=caller.workspace_id,
        name=order.name,
        version=order.version or "",
        type=kind,
        model=None,
        digest=None,
        fingerprint=fingerprint,
        bytes=size[0],
        files=size[1],
        license=order.license or "unknown",
        stage=order.stage,
        description=order.description,
        tags=order.tags,
        origin=origin,
        created_ns=now_ns(),
        created_by=caller.actor,
    )


def _flavors(mark: Path) -> tuple[str, ...]:
    if mark.stat().st_size > _LARGEST_MARK:
        raise InvalidInputError("The file MLmodel is too large.", remedy="Save the model again.")
    try:
        told: Any = yaml.safe_load(mark.read_text("utf-8"))
        flavors = told["flavors"]
        return tuple(sorted(str(name) for name in flavors))
    except (yaml.YAMLError, UnicodeDecodeError, LookupError, TypeError) as error:
        raise InvalidInputError("The file MLmodel names no flavors.", remedy="Save the model again with MLflow.") from error


def _check_create(order: RegisteredModelCreate) -> None:
    if (order.model is None) == (order.upload is None):
        raise InvalidInputError("A version is made of a catalog's model or of an upload.", remedy="Give one of `model` and `upload`.")
    _check_name(order.name)
    if order.version is not None and not _VERSION.fullmatch(order.version):
        raise InvalidInputError(f"{order.version[:60]!r} is no version.", remedy="Use letters, digits and ._-, or leave it out.")
    _check_tags(order.tags)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            f"{name[:120]!r} is no name of a model.", remedy="Use letters, digits and ._-, at most 100.", location=Location(pointer="/name")
        )


def _check_tags(tags: dict[str, str]) -> None:
    if len(tags) > _MOST_TAGS or any(len(key) > 100 or len(value) > 1000 for key, value in tags.items()):
        raise InvalidInputError(
            "There are too many tags, or one is too long.", remedy="At most 100, keys of 100 and values of 1,000 characters."
        )


def _next_version(present: Iterable[RegistryRecord]) -> str:
    return str(max((int(record.version) for record in present if record.version.isdecimal()), default=0) + 1)


def _target(record: RegistryRecord) -> str:
    return f"registry/{record.name}/{record.version}"


def _show(record: RegistryRecord, versions: int) -> RegisteredModel:
    return RegisteredModel(
        name=record.name,
        version=record.version,
        type=record.type,
        reference=f"azureml:{record.name}:{record.version}",
        model=record.model,
        fingerprint=record.fingerprint,
        bytes=record.bytes,
        files=record.files,
        license=record.license,
        stage=record.stage,
        aliases=record.aliases,
        description=record.description,
        tags=record.tags,
        flavors=record.flavors,
        runs_code=record.runs_code,
        origin=record.origin,
        archived=record.archived,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
        versions=versions,
    )
