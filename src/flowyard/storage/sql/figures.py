"""The `deployment_figures` and `deployment_samples` tables."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine, delete, insert, select, update

from flowyard.endpoints.figures import Counts, GatewayCounts, Sample
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.ids import new_id
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import deployment_figures, deployment_samples


class SqlFigureStore:
    """`endpoints.figures.FigureStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def tell(self, rows: Sequence[GatewayCounts], samples: Sequence[Sample]) -> None:
        """See `FigureStore.tell`."""
        table, now = deployment_figures, now_ns()
        with writing(self._engine) as connection:
            for row in rows:
                values = {"counts": to_json(row.counts).decode(), "updated_ns": now}
                mine = (table.c.deployment_id == row.deployment_id, table.c.gateway == row.gateway)
                if connection.execute(update(table).where(*mine).values(**values)).rowcount == 0:
                    connection.execute(insert(table).values(deployment_id=row.deployment_id, gateway=row.gateway, **values))
            if samples:
                kept = [
                    {"id": new_id(), "deployment_id": sample.deployment_id, "request": sample.request, "answer": sample.answer}
                    for sample in samples
                ]
                connection.execute(insert(deployment_samples), kept)

    def read(self, deployment_ids: Iterable[str]) -> dict[str, list[GatewayCounts]]:
        """See `FigureStore.read`."""
        found: dict[str, list[GatewayCounts]] = {name: [] for name in deployment_ids}
        if not found:
            return found
        query = select(deployment_figures).where(deployment_figures.c.deployment_id.in_(found))
        with reading(self._engine) as connection:
            for row in connection.execute(query).mappings():
                counts = decode(row["counts"], Counts)
                found[row["deployment_id"]].append(
                    GatewayCounts(deployment_id=row["deployment_id"], gateway=row["gateway"], counts=counts, updated_ns=row["updated_ns"])
                )
        return found

    def take_samples(self, deployment_id: str) -> list[Sample]:
        """See `FigureStore.take_samples`."""
        table = deployment_samples
        with writing(self._engine) as connection:
            rows = list(connection.execute(select(table).where(table.c.deployment_id == deployment_id)).mappings())
            if rows:
                connection.execute(delete(table).where(table.c.id.in_([row["id"] for row in rows])))
        return [Sample(deployment_id=deployment_id, request=row["request"], answer=row["answer"]) for row in rows]

    def forget_before(self, updated_ns: int) -> None:
        """See `FigureStore.forget_before`."""
        with writing(self._engine) as connection:
            connection.execute(delete(deployment_figures).where(deployment_figures.c.updated_ns < updated_ns))
