"""Evaluators as flows: a folder that holds one, to be run, changed and deployed like any other."""

import inspect
from typing import Any

import yaml

from flowyard.evaluation.judges.judge import Judge
from flowyard.evaluation.model import Evaluator, EvaluatorInfo
from flowyard.evaluation.registry import entry, evaluator_class
from flowyard.foundation.codecs import to_json

_EXAMPLES: dict[str, Any] = {
    "query": "Which river runs through Vienna?",
    "response": "The Danube runs through Vienna.",
    "context": "Vienna lies on the river Danube in the east of Austria.",
    "ground_truth": "The Danube.",
    "duration_ms": 840.0,
    "prompt_tokens": 120,
    "completion_tokens": 14,
    "conversation": {
        "messages": [
            {"role": "user", "content": "Which river runs through Vienna?"},
            {"role": "assistant", "content": "The Danube.", "context": "Vienna lies on the river Danube."},
        ]
    },
}
_SAMPLE_INIT: dict[str, Any] = {
    "model_config": {"connection": "local", "model": "smollm2-135m"},
    "pattern": "Danube",
    "schema": {"type": "object"},
}
_OWN = '''"""The evaluator {name} with the prompt of this folder."""

from pathlib import Path

from {module} import {parent}


class Evaluator({parent}):
    """{description} The wording is that of {prompt}."""

    prompt = Path(__file__).with_name("{prompt}")
'''


def evaluator_files(name: str) -> dict[str, bytes]:
    """Return the files of a flow that is the evaluator `name`: its YAML, a row to try, and for a judge its prompt, to be changed.

    Raises:
        UnknownEvaluatorError: there is none of that name.
        EvaluatorLoadError: it cannot be loaded.
    """
    found = evaluator_class(name)
    files: dict[str, bytes] = {}
    place = entry(name)
    if issubclass(found, Judge):
        prompt = found.prompt.name
        text = _OWN.format(name=name, module=found.__module__, parent=found.__name__, description=found.info.description, prompt=prompt)
        files |= {prompt: found.prompt.read_bytes(), "evaluator.py": text.encode()}
        place = "evaluator:Evaluator"
    files["flow.flex.yaml"] = _yaml(found, place)
    files["data.jsonl"] = to_json(_row(found.info)) + b"\n"
    return files


def _yaml(found: type[Evaluator], place: str) -> bytes:
    info = found.info
    init = {name: _SAMPLE_INIT[name] for name in inspect.signature(found.__init__).parameters if name in _SAMPLE_INIT}
    flow: dict[str, Any] = {
        "entry": place,
        **({"init": _judge_init(found), "inputs": _judge_inputs(found)} if issubclass(found, Judge) else {}),
        "sample": {"inputs": _row(info), **({"init": init} if init else {})},
    }
    head = f"# {info.name}: {info.description} Source: {info.source}.\n"
    return (head + yaml.safe_dump(flow, sort_keys=False, allow_unicode=True)).encode()


def _judge_init(found: type[Judge]) -> dict[str, Any]:
    """Return what a judge is made with, as the YAML declares it: its own class takes it from its base, which only running it would tell."""
    taken = inspect.signature(found).parameters.values()
    thresholds = {it.name: {"type": "double", "default": it.default} for it in taken if isinstance(it.default, float)}
    return {"model_config": {"type": "object"}, **thresholds}


def _judge_inputs(found: type[Judge]) -> dict[str, Any]:
    """Return what a judge is called with, as the YAML declares it: its own class has that from its base, too."""
    taken = inspect.signature(found.__call__).parameters.values()
    optional = {"default": ""}  # what the YAML says of a default that the code knows
    return {
        it.name: {"type": "object" if it.name == "conversation" else "string", **({} if it.default is it.empty else optional)}
        for it in taken
        if it.name != "self"
    }


def _row(info: EvaluatorInfo) -> dict[str, Any]:
    """Return a row to try: what is needed, or what may be there when nothing is."""
    return {name: _EXAMPLES[name] for name in info.inputs or info.optional[:2]}
