"""The definition of a tool from its function: what a package says of it, and what a form needs. And what is wrong with it."""

import importlib
import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from flowyard.flows.nodes.interface import Parameter, parameters_of, takes_any_name
from flowyard.flows.nodes.python import tools_in
from flowyard.flows.nodes.tool import DynamicList, GeneratedBy, InputSetting, ToolSettings, settings_of
from flowyard.flows.promptflow.connections import CustomStrongTypeConnection
from flowyard.foundation.errors import nearest

Function = Callable[..., Any]
_SHOWN = ("is_multi_select", "allow_manual_entry", "enabled_by", "enabled_by_value")


def definitions_in(module: ModuleType) -> tuple[dict[str, dict[str, Any]], dict[str, list[str]]]:
    """Return the definitions of the tools of `module` by id, and by id what is wrong with those that are not valid."""
    found: dict[str, dict[str, Any]] = {}
    wrong: dict[str, list[str]] = {}
    for function, owner in tools_in(module):
        name = ".".join([module.__name__, *([owner.__name__] if owner else []), function.__name__])
        faults = list(faults_of(function, owner))
        if faults:
            wrong[name] = faults
        else:
            found[name] = definition_of(function, owner)
    return found, wrong


def definition_of(function: Function, owner: type[Any] | None = None) -> dict[str, Any]:
    """Return the definition of a tool, as an entry point of ``package_tools`` gives it."""
    settings = settings_of(function) or ToolSettings()
    inputs = {name: _input(parameter) for name, parameter in _parameters(function, owner).items() if parameter.kind != "prompt_template"}
    for name, setting in settings.input_settings.items():
        if name in inputs and isinstance(setting, InputSetting):
            inputs[name] |= _shown(setting)
            inputs |= _generating(setting.generated_by)
    made: dict[str, Any] = {
        "name": settings.name or function.__qualname__,
        "type": settings.type or "python",
        "description": settings.description or inspect.getdoc(function),
        "module": function.__module__,
        "class_name": owner.__name__ if owner else None,
        "function": function.__name__,
        "inputs": inputs,
        "enable_kwargs": takes_any_name(function),
    }
    return {key: value for key, value in made.items() if value not in (None, False)} | dict(settings.extra)


def faults_of(function: Function, owner: type[Any] | None = None) -> "list[str]":
    """Return what is wrong with a tool, one sentence each."""
    settings = settings_of(function) or ToolSettings()
    parameters = _parameters(function, owner)
    faults: list[str] = []
    icons = settings.extra
    if icons.get("icon") and (icons.get("icon_light") or icons.get("icon_dark")):
        faults.append("It has both icon and icon_light or icon_dark; give one of the two.")
    faults += [
        f"Its {key} {str(icons[key])!r} is no file."
        for key in ("icon", "icon_light", "icon_dark")
        if icons.get(key) and not str(icons[key]).startswith("data:") and not Path(str(icons[key])).is_file()
    ]
    for name, setting in settings.input_settings.items():
        if name not in parameters:
            like = nearest(name, list(parameters))
            faults.append(f"input_settings names {name!r}, which is no input." + (f" Did you mean {like!r}?" if like else ""))
        elif not isinstance(setting, InputSetting):
            faults.append(f"The setting of input {name!r} is {type(setting).__name__}, expected InputSetting.")
        else:
            faults += _setting_faults(name, setting, parameters)
    return faults


def _setting_faults(name: str, setting: InputSetting, parameters: Mapping[str, Parameter]) -> list[str]:
    faults: list[str] = []
    by = parameters.get(setting.enabled_by) if setting.enabled_by else None
    if setting.enabled_by and by is None:
        faults.append(f"Input {name!r} is enabled by {setting.enabled_by!r}, which is no input.")
    unknown = [value for value in setting.enabled_by_value or [] if by is not None and by.enum and str(_plain(value)) not in by.enum]
    if unknown and by is not None:
        faults.append(f"Input {name!r} is enabled by {unknown[0]!r} of {setting.enabled_by!r}, which has {', '.join(by.enum)}.")
    for function, mapping in _functions(setting):
        try:
            known = parameters_of(_function(function))
        except (ImportError, AttributeError, ValueError) as error:
            faults.append(f"The function {function!r} of input {name!r} cannot be had: {error}.")
            continue
        faults += [
            f"The function of input {name!r} has no parameter {argument!r}." for argument in mapping if known and argument not in known
        ]
        faults += [
            f"An argument of the function of input {name!r} comes from {source!r}, which is no input."
            for source in mapping.values()
            if source not in parameters
        ]
    return faults


def _functions(setting: InputSetting) -> list[tuple[Function | str, Mapping[str, str]]]:
    found: list[tuple[Function | str, Mapping[str, str]]] = []
    if isinstance(setting.dynamic_list, DynamicList):
        found.append((setting.dynamic_list.function, setting.dynamic_list.input_mapping))
    if isinstance(setting.generated_by, GeneratedBy):
        found += [(setting.generated_by.function, {}), (setting.generated_by.reverse_function, {})]
    return found


def _parameters(function: Function, owner: type[Any] | None) -> dict[str, Parameter]:
    return {**(parameters_of(owner.__init__) if owner else {}), **parameters_of(function)}


def _input(parameter: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {"type": [parameter.kind]}
    if parameter.kind == "connection":
        strong = [kind.__name__ for kind in parameter.connections if issubclass(kind, CustomStrongTypeConnection)]
        plain = [kind.__name__ for kind in parameter.connections if not issubclass(kind, CustomStrongTypeConnection)]
        said["type"] = [*plain, *(["CustomConnection"] if strong and "CustomConnection" not in plain else [])]
        said |= {"custom_type": strong} if strong else {}
    if parameter.enum:
        said["enum"] = list(parameter.enum)
    if parameter.has_default:
        default = _plain(parameter.default)
        said["default"] = "" if default is None else default
    return said


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _shown(setting: InputSetting) -> dict[str, Any]:
    said = {key: getattr(setting, key) for key in _SHOWN if getattr(setting, key) is not None}
    if isinstance(setting.dynamic_list, DynamicList):
        said["dynamic_list"] = {
            "func_path": path_of(setting.dynamic_list.function),
            "func_kwargs": _arguments(setting.dynamic_list.function, setting.dynamic_list.input_mapping),
        }
    if isinstance(setting.generated_by, GeneratedBy):
        said["generated_by"] = {
            "func_path": path_of(setting.generated_by.function),
            "func_kwargs": _arguments(setting.generated_by.function, None),
            "reverse_func_path": path_of(setting.generated_by.reverse_function),
        }
    return said | setting.more


def _generating(generated: GeneratedBy | None) -> dict[str, dict[str, Any]]:
    """The inputs that a form shows only to make another one of them."""
    if not isinstance(generated, GeneratedBy):
        return {}
    parameters = parameters_of(_function(generated.function))
    return {
        name: {**_input(parameters[name]), **_shown(setting), "input_type": "uionly_hidden"}
        for name, setting in generated.input_settings.items()
        if name in parameters
    }


def _arguments(function: Function | str, mapping: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """Say the arguments of a form's function; `mapping` None: each is the input of its own name."""
    said: list[dict[str, Any]] = []
    for name, parameter in parameters_of(_function(function)).items():
        source = name if mapping is None else mapping.get(name)
        said.append(
            {"name": name, **_input(parameter), "optional": parameter.has_default}
            | ({"reference": f"${{inputs.{source}}}"} if source else {})
        )
    return said


def path_of(function: Function | str) -> str:
    """Return where a function is: ``module.function``."""
    return function if isinstance(function, str) else f"{function.__module__}.{function.__name__}"


def _function(function: Function | str) -> Function:
    """Return the function of a path.

    Raises:
        ImportError, AttributeError, ValueError: there is none.
    """
    if not isinstance(function, str):
        return function
    module, dot, name = function.rpartition(".")
    if not dot:
        raise ValueError("write it as module.function")
    return cast("Function", getattr(importlib.import_module(module), name))
