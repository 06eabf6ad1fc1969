"""The `idempotency` table."""

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.identity.idempotency import IN_PROGRESS, IdempotentRequest
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import idempotency


class SqlIdempotencyStore:
    """`identity.idempotency.IdempotencyStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, request: IdempotentRequest, *, stale_before_ns: int, forget_before_ns: int) -> IdempotentRequest | None:
        """See `IdempotencyStore.begin`."""
        table = idempotency.c
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    delete(idempotency).where(
                        (table.created_ns < forget_before_ns) | ((table.status == IN_PROGRESS) & (table.created_ns < stale_before_ns))
                    )
                )
                present = self._get(connection, request)
                if present is None:
                    connection.execute(
                        insert(idempotency).values(
                            workspace_id=request.workspace_id,
                            key=request.key,
                            request=request.request,
                            status=request.status,
                            response=request.response,
                            created_ns=request.created_ns,
                        )
                    )
                return present
        except IntegrityError:
            # PostgreSQL: the same key came in another transaction at the same moment, and was first.
            with reading(self._engine) as connection:
                return self._get(connection, request) or request

    def finish(self, workspace_id: str, key: str, status: int, response: str) -> None:
        """See `IdempotencyStore.finish`."""
        mine = (idempotency.c.workspace_id == workspace_id, idempotency.c.key == key)
        with writing(self._engine) as connection:
            connection.execute(update(idempotency).where(*mine).values(status=status, response=response))

    def forget(self, workspace_id: str, key: str) -> None:
        """See `IdempotencyStore.forget`."""
        mine = (idempotency.c.workspace_id == workspace_id, idempotency.c.key == key)
        with writing(self._engine) as connection:
            connection.execute(delete(idempotency).where(*mine))

    @staticmethod
    def _get(connection: Connection, request: IdempotentRequest) -> IdempotentRequest | None:
        mine = (idempotency.c.workspace_id == request.workspace_id, idempotency.c.key == request.key)
        row = connection.execute(select(idempotency).where(*mine)).mappings().one_or_none()
        return IdempotentRequest(**row) if row else None
