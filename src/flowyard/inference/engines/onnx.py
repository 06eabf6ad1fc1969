"""Embeddings and reranking with ONNX Runtime, in a child process of ours."""

from pathlib import Path

from flowyard.compute.model import ProcessSpec
from flowyard.inference.engines.settings import EngineSettings

MODULE = "flowyard.inference.engines.onnx_main"


def engine_spec(name: str, folder: Path, settings: EngineSettings, *, api_key: str, idle_timeout_s: float | None = None) -> ProcessSpec:
    """Return the process. It serves on the supervisor's socket."""
    return ProcessSpec(
        name=name,
        module=MODULE,
        message={
            "model_path": str(folder / settings.model_file),
            "tokenizer_path": str(folder / (settings.tokenizer_file or "tokenizer.json")),
            "alias": name.rpartition("/")[2],
            "api_key": api_key,
            "context": settings.context,
            "task": settings.task,
            "pooling": settings.pooling,
        },
        ready_timeout_s=120.0,
        idle_timeout_s=idle_timeout_s,
    )
