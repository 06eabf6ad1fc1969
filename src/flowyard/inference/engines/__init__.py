"""Local engines: child processes that hold a model and speak the OpenAI protocol on loopback.

An engine is a module with ``engine_spec``; this is their registry. Importing it loads no engine's packages.
"""

from pathlib import Path
from typing import Protocol

from flowyard.compute.model import ProcessSpec
from flowyard.inference.engines import llamacpp, onnx, vllm
from flowyard.inference.engines.settings import EngineKind, EngineSettings, engine_key

__all__ = ["PACKAGES", "EngineSettings", "engine_key", "engine_name", "engine_spec"]

#: An engine that nobody calls for so long is stopped; the next call starts it again.
IDLE_TIMEOUT_S = 900.0

#: What the engines need besides the runtime: requirement lines.
PACKAGES: dict[EngineKind, tuple[str, ...]] = {
    "llamacpp": ("xllamacpp",),
    "onnx": ("numpy", "onnxruntime", "tokenizers"),
    "vllm": ("vllm>=0.10",),
}


class SpecBuilder(Protocol):
    """Makes the process of one engine."""

    def __call__(self, name: str, folder: Path, settings: EngineSettings, *, api_key: str, idle_timeout_s: float | None) -> ProcessSpec:
        """Return the spec of the process that serves the model in `folder` as `name` to callers with `api_key`."""
        ...


ENGINES: dict[EngineKind, SpecBuilder] = {"llamacpp": llamacpp.engine_spec, "onnx": onnx.engine_spec, "vllm": vllm.engine_spec}


def engine_name(model: str) -> str:
    """Return the name of the process that serves the catalog model `model`."""
    return f"engine/{model}"


def engine_spec(
    model: str, folder: Path, settings: EngineSettings, *, api_key: str, idle_timeout_s: float | None = IDLE_TIMEOUT_S
) -> ProcessSpec:
    """Return the process that serves the model in `folder`. Its operations are below ``/v1`` at the address that it gets."""
    return ENGINES[settings.kind](engine_name(model), folder, settings, api_key=api_key, idle_timeout_s=idle_timeout_s)
