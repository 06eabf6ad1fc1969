"""The Dockerfile of a build: no root, a health check, every version pinned."""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from flowyard.flows.build.folder import BuildFolder

PORT = 8080
#: The user in the image; a number, so that Kubernetes can see that it is not root.
USER = 10001

_DOCKERFILE = """\
# Build: docker build -t {name} .
# Run:   docker run{gpus} -p {port}:{port}{variables} {name}
FROM {base}

ENV PYTHONUNBUFFERED=1 \\
    PIP_NO_CACHE_DIR=1 \\
    PIP_DISABLE_PIP_VERSION_CHECK=1 \\{nvidia}
    FLOWYARD_HOME=/home/flow/.flowyard

RUN useradd --create-home --uid {user} flow

WORKDIR /app
COPY requirements.txt ./
COPY wheels/ wheels/
RUN python -m pip install -r requirements.txt
{prepare}
USER {user}
EXPOSE {port}
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period={start_s}s --retries=3 \\
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/health', timeout=4)"]
CMD {command}
"""
# The packages of a GPU bring CUDA's libraries; the driver comes from the machine, as these two ask for.
_NVIDIA = "\n    NVIDIA_VISIBLE_DEVICES=all \\\n    NVIDIA_DRIVER_CAPABILITIES=compute,utility \\"
_ADDRESS = ("--host", "0.0.0.0", "--port", str(PORT))  # noqa: S104  # inside a container, whose port is published or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What a Dockerfile says.

    Attributes:
        name: of the image, in the comment that says how to build it.
        command: what serves, without address and port.
        folders: what is copied into the image besides the packages.
        variables: environment variables that have to be set where it runs.
        prepare: commands that are run, once everything is there.
        base: what to build on, with Python and pip; None: Python's own slim image, of the version that runs here.
        gpu: an NVIDIA card is asked for.
        start_s: how long a start may take before a failed health check counts.
    """

    name: str = ""
    command: Sequence[str] = ()
    folders: Sequence[str] = ()
    variables: Sequence[str] = ()
    prepare: Sequence[str] = ()
    base: str | None = None
    gpu: bool = False
    start_s: int = 30


def write_image(folder: BuildFolder, image: Image) -> None:
    """Write the Dockerfile and what it leaves out."""
    folder.write("Dockerfile", dockerfile(image))
    folder.write(".dockerignore", ".venv\n__pycache__\n")


def dockerfile(image: Image) -> str:
    """Return the text of the Dockerfile."""
    steps = [*(f"COPY {name}/ {name}/" for name in image.folders), *(f"RUN {command}" for command in image.prepare)]
    return _DOCKERFILE.format(
        name=image.name.lower(),
        port=PORT,
        user=USER,
        gpus=" --gpus all" * image.gpu,
        nvidia=_NVIDIA * image.gpu,
        variables="".join(f" -e {variable}" for variable in image.variables),
        base=image.base or f"python:{platform.python_version()}-slim-bookworm",
        prepare="".join(f"{step}\n" for step in steps),
        start_s=image.start_s,
        command=json.dumps([*image.command, *_ADDRESS]),
    )
