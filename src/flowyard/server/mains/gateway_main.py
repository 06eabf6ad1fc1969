"""A gateway's process: every request passes here first. Its one argument is its name."""

import sys

from flowyard.server.mains.platform import begin, loading

with loading():
    from flowyard.compute.connections import allow_connections
    from flowyard.compute.serve import serve
    from flowyard.endpoints.gateway.build import build_gateway
    from flowyard.wiring.gateway import open_gateway

_CLIENTS = 10_000


def main() -> None:
    """Serve until SIGTERM, then let requests in flight end."""
    child, platform = begin()
    allow_connections(_CLIENTS)
    with (
        child.reporting(),
        open_gateway(sys.argv[1], platform.settings, platform.host(), server=platform.server, secret=platform.supervisor_token) as parts,
    ):
        serve(build_gateway(parts), child, proxied=False)


if __name__ == "__main__":
    main()
