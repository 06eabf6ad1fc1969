"""The Dockerfile of a flow: no root, a health check, every version pinned."""

import json
import platform
from collections.abc import Sequence

PORT = 8080
#: The user in the image; a number, so that Kubernetes can see that it is not root.
USER = 10001

_DOCKERFILE = """\
# Build: docker build -t {name} .
# Run:   docker run -p {port}:{port}{variables} {name}
FROM {image}

ENV PYTHONUNBUFFERED=1 \\
    PIP_NO_CACHE_DIR=1 \\
    PIP_DISABLE_PIP_VERSION_CHECK=1 \\
    FLOWYARD_HOME=/home/flow/.flowyard

RUN useradd --create-home --uid {user} flow

WORKDIR /app
COPY requirements.txt ./
COPY wheels/ wheels/
RUN python -m pip install -r requirements.txt
COPY connections/ connections/
COPY flow/ flow/

USER {user}
EXPOSE {port}
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \\
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/health', timeout=4)"]
CMD {command}
"""


def dockerfile(name: str, words: Sequence[str], variables: Sequence[str], image: str | None = None) -> str:
    """Return the text of the Dockerfile.

    Args:
        name: of the image, in the comment that says how to build it.
        words: the command that serves the flow, without address and port.
        variables: environment variables that have to be set where it runs.
        image: what to build on, with Python and pip; None: Python's own slim image, of the version that runs here.
    """
    command = [*words, "--host", "0.0.0.0", "--port", str(PORT)]  # noqa: S104  # inside a container, whose port is published or not
    return _DOCKERFILE.format(
        name=name.lower(),
        port=PORT,
        user=USER,
        variables="".join(f" -e {variable}" for variable in variables),
        image=image or f"python:{platform.python_version()}-slim-bookworm",
        command=json.dumps(command),
    )
