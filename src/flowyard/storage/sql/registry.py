"""The tables `registered_models` and `license_rules`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.catalog.registry.errors import RegisteredModelExistsError
from flowyard.catalog.registry.model import RegistryRecord
from flowyard.foundation.codecs import from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.registry_table import license_rules, registered_models
from flowyard.storage.sql.audit import append_audit
from flowyard.wire.model_registry import LicenseRules

_JSON = ("tags", "origin", "aliases", "flavors")
_TABLE = registered_models.c


class SqlRegistryStore:
    """`catalog.registry.ports.RegistryStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: RegistryRecord, audit: AuditRecord) -> None:
        """See `RegistryStore.add`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(registered_models).values(**_columns(asdict(record))))
                append_audit(connection, audit)
        except IntegrityError as error:
            raise RegisteredModelExistsError(
                f"There is a version {record.version!r} of {record.name!r} already, and versions never change.",
                remedy="Leave the version out: the next whole number is taken.",
            ) from error

    def versions(self, workspace_id: str, name: str | None = None) -> Sequence[RegistryRecord]:
        """See `RegistryStore.versions`."""
        query = select(registered_models).where(_TABLE.workspace_id == workspace_id)
        if name is not None:
            query = query.where(_TABLE.name == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_TABLE.created_ns.desc(), _TABLE.id.desc())).mappings().all()
        return [_record(row) for row in rows]

    def update(self, workspace_id: str, ids: Sequence[str], values: dict[str, Any], audit: AuditRecord) -> None:
        """See `RegistryStore.update`."""
        with writing(self._engine) as connection:
            if values.get("aliases"):
                _take_aliases(connection, workspace_id, ids[0], set(values["aliases"]))
            mine = (_TABLE.workspace_id == workspace_id, _TABLE.id.in_(list(ids)))
            connection.execute(update(registered_models).where(*mine).values(**_columns(values)))
            append_audit(connection, audit)

    def rules(self, workspace_id: str) -> LicenseRules:
        """See `RegistryStore.rules`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(license_rules).where(license_rules.c.id == workspace_id)).mappings().first()
        if row is None:
            return LicenseRules()
        return LicenseRules(allow=tuple(from_json(row["allow"])), deny=tuple(from_json(row["deny"])))

    def set_rules(self, workspace_id: str, rules: LicenseRules, audit: AuditRecord) -> None:
        """See `RegistryStore.set_rules`."""
        values = {"allow": to_json(rules.allow).decode(), "deny": to_json(rules.deny).decode()}
        with writing(self._engine) as connection:
            connection.execute(delete(license_rules).where(license_rules.c.id == workspace_id))
            connection.execute(insert(license_rules).values(id=workspace_id, **values))
            append_audit(connection, audit)


def _take_aliases(connection: Connection, workspace_id: str, record_id: str, aliases: set[str]) -> None:
    """Take aliases away from the other versions of a model."""
    name = select(_TABLE.name).where(_TABLE.id == record_id).scalar_subquery()
    others = select(_TABLE.id, _TABLE.aliases).where(_TABLE.workspace_id == workspace_id, _TABLE.name == name, _TABLE.id != record_id)
    for row in connection.execute(others).mappings().all():
        had: list[str] = from_json(row["aliases"])
        if aliases.intersection(had):
            left = to_json([alias for alias in had if alias not in aliases]).decode()
            connection.execute(update(registered_models).where(_TABLE.id == row["id"]).values(aliases=left))


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    return {name: to_json(value).decode() if name in _JSON else value for name, value in values.items()}


def _record(row: RowMapping) -> RegistryRecord:
    values: dict[str, Any] = {**row, **{name: from_json(row[name]) for name in _JSON}}
    values |= {name: tuple(values[name]) for name in ("aliases", "flavors")}
    return RegistryRecord(**values)
