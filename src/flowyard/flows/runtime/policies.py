"""Which of a flow's nodes are tried again, have a time limit, or keep their results: decided once, when the flow is loaded.

A node without any of it is called as it is. The cache is asked first, then come the attempts, then the limit of each.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flowyard.flows.model import FlowSpec, NodeSpec
from flowyard.flows.runtime.attempts import with_attempts
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.plan import Executable, NodeMaker

if TYPE_CHECKING:
    from flowyard.flows.runtime.cache_store import NodeCache
    from flowyard.foundation.settings import Settings

Connections = Mapping[str, Mapping[str, Any]]


class PolicedMaker:
    """Makes nodes with `make`, and gives them their policies.

    Args:
        make: makes the nodes.
        engine: what they run with; its `cache` keeps their results.
        connections: the connections that this process knows.
        variables: environment variables that the run gives.
    """

    def __init__(self, make: NodeMaker, engine: Engine, connections: Connections, variables: Mapping[str, str]) -> None:
        self._make = make
        self._engine = engine
        self._connections = connections
        self._variables = variables

    def __call__(self, flow: FlowSpec, node: NodeSpec) -> Executable:
        """Return the executable of `node`.

        Raises:
            ToolError, TemplateError, UnknownConnectionError: it cannot be made.
        """
        executable = with_attempts(self._make(flow, node), node, self._engine.scrub)
        # A template costs less than looking it up.
        if node.type == "prompt" or not (node.enable_cache or self._engine.replay):
            return executable
        return self._cached(executable, flow, node)

    def _cached(self, executable: Executable, flow: FlowSpec, node: NodeSpec) -> Executable:
        from flowyard.flows.runtime.cache import CachedStep, with_cache
        from flowyard.flows.runtime.cache_key import identities, node_key

        cache = self._engine.cache or default_cache()
        step = CachedStep(
            cache=cache,
            flow=flow.name,
            node=node.name,
            key=node_key(flow, node, identities(self._connections, cache.connections), self._variables),
            is_llm=node.type == "llm",
            scrub=self._engine.scrub,
        )
        return with_cache(executable, step)


def default_cache() -> "NodeCache":
    """Return the cache of this user's home folder, for who was given none."""
    from flowyard.foundation.settings import read_settings

    return _cache_of(read_settings())


@lru_cache(maxsize=8)
def _cache_of(settings: "Settings") -> "NodeCache":
    from flowyard.flows.runtime.cache_store import NodeCache

    return NodeCache.of(settings)
