"""The server's process: the control plane and the studio's files."""

import sys

from flowyard.server.mains.platform import begin, loading

with loading():
    from flowyard.compute.serve import serve
    from flowyard.server.app import whole_server
    from flowyard.wiring.server import open_services

#: Streams of events have no end of their own: a stop does not wait longer for them.
_GRACEFUL_S = 3
_SWITCH_S = 0.0005


def main() -> None:
    """Serve until SIGTERM."""
    child, platform = begin()
    # Requests share the interpreter with the indexer, which computes without a pause: let them in sooner than after 5 ms.
    sys.setswitchinterval(_SWITCH_S)
    with child.reporting(), open_services(platform.settings, platform.host()) as services:
        with loading():
            server = whole_server(services)
        serve(server, child, graceful_s=_GRACEFUL_S)


if __name__ == "__main__":
    main()
