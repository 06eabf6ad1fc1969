"""Bodies of requests refuse keys that they do not know: a misspelt key must not become a default in silence.

The wire types are plain dataclasses, shared with the client; pydantic reads ``__pydantic_config__`` from them when a route is made,
so this runs before the routes are imported.
"""

import pkgutil
from dataclasses import is_dataclass
from importlib import import_module

import flowyard.wire

_SUFFIXES = ("Create", "Write", "Update")
_OTHERS = frozenset(
    {
        "SignIn",
        "LicenseRules",
        "FlowName",
        "FlowTest",
        "FlowVersionName",
        "DataFromTraces",
        "LogQuery",
        "NotebookOpen",
        "RedactionTrial",
        "RetentionDays",
        "RunsPrune",
        "TableQuery",
        "ToolValuesQuery",
        "SourceQuery",
        "PromptQuery",
        "CodePlace",
        "Limits",
        "RouteSpec",
        "Rollback",
        "KeyRegenerate",
        "CollectedAsset",
        "TransformStep",
        "NormalizeStep",
        "FilterLengthStep",
        "FilterLanguageStep",
        "DeduplicateStep",
        "RedactStep",
        "MapColumnsStep",
        "SqlStep",
        "PythonStep",
        "DeploymentSettings",
        "RequestSettings",
        "ScaleSettings",
        "DeploymentScale",
        "RolloutStart",
        "Probe",
        "DataCollector",
        "Collection",
        "IndexBuild",
        "IndexLabel",
        "QuestionGeneration",
        "NamedDocuments",
        "IndexQuery",
        "ChunkRecipe",
        "TuningSpace",
        "AccessRule",
    }
)


def is_body(name: str) -> bool:
    """Return whether a wire type of this name is the body of a request."""
    return name.endswith(_SUFFIXES) or name in _OTHERS


def forbid_unknown_keys() -> None:
    """Mark all wire types that are bodies."""
    for info in pkgutil.iter_modules(flowyard.wire.__path__):
        module = import_module(f"flowyard.wire.{info.name}")
        for name, kind in vars(module).items():
            if isinstance(kind, type) and is_dataclass(kind) and is_body(name):
                kind.__pydantic_config__ = {"extra": "forbid"}  # pyright: ignore[reportAttributeAccessIssue]
