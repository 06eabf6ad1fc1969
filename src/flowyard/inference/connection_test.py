"""Tests a connection by one real call."""

import time
from typing import Any, cast

from flowyard.connections.model import ResolvedConnection
from flowyard.foundation import bridge
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.errors import ModelCallError
from flowyard.inference.providers import MODEL_TYPES, provider_for
from flowyard.inference.providers.base import ConnectionSettings
from flowyard.wire.connections import ConnectionTest

_SHOWN_MODELS = 200
# What servers answer that have no list of models.
_NO_LIST = frozenset({404, 405, 501})


class ModelConnectionTester:
    """`connections.ports.ConnectionTester` over the one client: it lists the models, or asks for one token where there is no list."""

    def test(self, connection: ResolvedConnection) -> ConnectionTest:
        """See `ConnectionTester.test`."""
        if connection.type == "local":
            return ConnectionTest(ok=True, detail="The models of this installation need no address.")
        if connection.type not in MODEL_TYPES:
            return ConnectionTest(
                ok=False, detail=f"A connection of type {connection.type} has no models to call; what uses it will show whether it works."
            )
        started = time.monotonic()
        try:
            models = bridge.run(_call(connection))
        except FlowyardError as error:
            return ConnectionTest(ok=False, detail=str(error), latency_ms=_since(started))
        detail = f"It answered with {len(models)} models." if models else "It answered."
        return ConnectionTest(ok=True, detail=detail, latency_ms=_since(started), models=models[:_SHOWN_MODELS])


async def _call(connection: ConnectionSettings) -> tuple[str, ...]:
    # The client is 0.15 s of imports, which every process of the platform would pay at its start.
    from flowyard.inference.client import ModelClient, Retries, Timeouts

    timeouts = Timeouts(connect_s=5, first_byte_s=20, idle_s=20, total_s=30)
    async with ModelClient.of(provider_for(connection), timeouts=timeouts, retries=Retries(attempts=1)) as client:
        try:
            answer = await client.models()
        except ModelCallError as error:
            if error.upstream_status not in _NO_LIST or connection.type != "serverless":
                raise
            await client.chat({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1})
            return ()
    models = cast("list[dict[str, Any]]", answer.get("data") or [])
    return tuple(str(model.get("id")) for model in models)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
