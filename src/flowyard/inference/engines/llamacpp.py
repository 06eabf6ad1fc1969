"""llama.cpp's own server in a child process (the xllamacpp package)."""

import os
from pathlib import Path

from flowyard.compute.model import ProcessSpec
from flowyard.inference.engines.settings import EngineSettings

MODULE = "flowyard.inference.engines.llamacpp_main"


def engine_spec(name: str, folder: Path, settings: EngineSettings, *, api_key: str, idle_timeout_s: float | None = None) -> ProcessSpec:
    """Return the process. It binds its own port, since llama.cpp takes no socket, and tells the address when the model is loaded."""
    return ProcessSpec(
        name=name,
        module=MODULE,
        # OpenMP reads it once, when it is loaded. Its default, spinning, falls to a tenth of the speed when all cores are busy.
        environment={"OMP_WAIT_POLICY": "PASSIVE"},
        message={
            "model_path": str(folder / settings.model_file),
            "alias": name.rpartition("/")[2],
            "api_key": api_key,
            "context": settings.context,
            "parallel": settings.parallel,
            "cache_type": settings.cache_type,
            "task": settings.task,
            "threads": max(1, (os.cpu_count() or 1) - 1),
        },
        socket=False,
        ready_timeout_s=300.0,
        idle_timeout_s=idle_timeout_s,
    )
