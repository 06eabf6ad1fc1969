"""The gateway's program, started by the supervisor.

Its start message names what composes it (``composition``, ``<module>:<function>``): a function from the message to a context manager that
yields `GatewayParts`. So this room needs not know the composition root, which knows it.
"""

import logging
import pkgutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flowyard.compute.child import Child
from flowyard.compute.serve import serve
from flowyard.endpoints.gateway.build import GatewayParts, build_gateway

Composition = Callable[[dict[str, Any]], AbstractContextManager[GatewayParts]]


def main() -> None:
    """Serve until SIGTERM, then let requests in flight end."""
    child = Child.start()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with child.reporting():
        compose: Composition = pkgutil.resolve_name(child.message["composition"])
        opened = compose(child.message)
        parts = opened.__enter__()
    try:
        serve(build_gateway(parts), child)
    finally:
        opened.__exit__(None, None, None)


if __name__ == "__main__":
    main()
