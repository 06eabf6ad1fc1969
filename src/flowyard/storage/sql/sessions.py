"""The `sign_in_tokens` and `sessions` tables."""

from sqlalchemy import Engine, delete, insert, select, update

from flowyard.identity.model import SessionRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import sessions, sign_in_tokens
from flowyard.storage.sql.events import append_event


class SqlSessionStore:
    """`identity.ports.SessionStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_token(self, secret_hash: str, user_id: str, expires_ns: int) -> None:
        """See `SessionStore.add_token`."""
        with writing(self._engine) as connection:
            connection.execute(insert(sign_in_tokens).values(hash=secret_hash, user_id=user_id, expires_ns=expires_ns))

    def redeem(self, secret_hash: str, now_ns: int) -> str | None:
        """See `SessionStore.redeem`."""
        fresh = (sign_in_tokens.c.hash == secret_hash, sign_in_tokens.c.used_ns.is_(None), sign_in_tokens.c.expires_ns > now_ns)
        with writing(self._engine) as connection:
            use = update(sign_in_tokens).where(*fresh).values(used_ns=now_ns).returning(sign_in_tokens.c.user_id)
            user_id = connection.execute(use).scalar_one_or_none()
            connection.execute(delete(sign_in_tokens).where(sign_in_tokens.c.expires_ns <= now_ns))
            return user_id

    def add(self, secret_hash: str, session: SessionRecord) -> None:
        """See `SessionStore.add`."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_ns <= session.created_ns))
            connection.execute(
                insert(sessions).values(
                    hash=secret_hash,
                    user_id=session.user_id,
                    api_key_id=session.api_key_id,
                    created_ns=session.created_ns,
                    expires_ns=session.expires_ns,
                )
            )

    def by_hash(self, secret_hash: str) -> SessionRecord | None:
        """See `SessionStore.by_hash`."""
        columns = [column for column in sessions.c if column.name != "hash"]
        with reading(self._engine) as connection:
            row = connection.execute(select(*columns).where(sessions.c.hash == secret_hash)).mappings().one_or_none()
        return SessionRecord(**row) if row else None

    def end(self, secret_hash: str, at_ns: int) -> None:
        """See `SessionStore.end`."""
        with writing(self._engine) as connection:
            change = update(sessions).where(sessions.c.hash == secret_hash, sessions.c.ended_ns.is_(None)).values(ended_ns=at_ns)
            if connection.execute(change).rowcount:
                append_event(connection, "", "session", secret_hash)
