"""What a form needs to know of package tools: their inputs, which depend on others, and for which the package offers values."""

from collections.abc import Mapping
from typing import Any, cast

from flowyard.flows.tools.values import sources_of
from flowyard.wire.flows import FlowTool, ToolGenerator, ToolInput


def forms_of(tools: Mapping[str, Mapping[str, Any]]) -> tuple[FlowTool, ...]:
    """Return tools by their definitions (prompt flow's, id to definition), by id."""
    return tuple(_form(key, tools[key]) for key in sorted(tools))


def _form(key: str, said: Mapping[str, Any]) -> FlowTool:
    description = said.get("description")
    inputs = cast("Mapping[str, Mapping[str, Any]]", said.get("inputs") or {})
    return FlowTool(
        id=key,
        name=str(said.get("name") or key),
        description=description if isinstance(description, str) else None,
        package=str(said.get("package") or ""),
        inputs=tuple(_input(name, spec) for name, spec in inputs.items()),
    )


def _input(name: str, spec: Mapping[str, Any]) -> ToolInput:
    offered = cast("Mapping[str, Any]", spec.get("dynamic_list") or {})
    return ToolInput(
        name=name,
        types=tuple(str(kind) for kind in _listed(spec.get("type"))),
        default=spec.get("default"),
        enum=tuple(_listed(spec.get("enum"))),
        enabled_by=str(spec["enabled_by"]) if spec.get("enabled_by") else None,
        enabled_by_value=tuple(_listed(spec.get("enabled_by_value"))),
        offers_values=bool(offered),
        depends_on=sources_of(offered.get("func_kwargs") or []),
        is_multi_select=spec.get("is_multi_select") is True,
        allow_manual_entry=spec.get("allow_manual_entry") is True,
        generated_by=_generator(spec.get("generated_by") or {}),
        hidden=spec.get("input_type") == "uionly_hidden",
    )


def _generator(said: Mapping[str, Any]) -> ToolGenerator | None:
    if not said.get("func_path"):
        return None
    return ToolGenerator(inputs=sources_of(said.get("func_kwargs") or []), is_reversible=bool(said.get("reverse_func_path")))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]
