"""The model behind a judge: where it is, and one question to it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.foundation.errors import Location, Problem, nearest

if TYPE_CHECKING:
    from flowyard.flows.flow import LoadedFlow
    from flowyard.flows.ports import ModelResolver
    from flowyard.flows.runtime.context import ActiveNode
    from flowyard.flows.runtime.record import LineRecord

Connections = Mapping[str, Mapping[str, Any]]

_AZURE = ("azure_endpoint", "azure_deployment", "api_version")
_KEYS = (
    "type",
    "connection",
    "model",
    "azure_deployment",
    "azure_endpoint",
    "api_base",
    "api_version",
    "api_key",
    "base_url",
    "organization",
)
_REFUSAL = re.compile(r"HTTP 4(?:00|22)\b")
# What a prompt asks for and some models know not, with the words of their refusals. Without any of it the question is the same.
_OPTIONAL = {
    "response_format": re.compile(r"response_format|json_schema|structured output", re.IGNORECASE),
    "temperature": re.compile(r"\btemperature\b"),
    "top_p": re.compile(r"\btop_p\b"),
    "max_tokens": re.compile(r"\bmax_tokens\b"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered: text, or a parsed object; and what it took."""

    answer: object
    model: str | None
    prompt_tokens: int
    completion_tokens: int


def configuration(value: object) -> dict[str, Any]:
    """Return a model configuration as a prompty has it.

    `value` is a mapping or an object of one of these shapes: a connection's name and a model (``connection``, ``model``); Azure OpenAI
    (``azure_endpoint``, ``azure_deployment``, ``api_key``, ``api_version``); OpenAI or what speaks its protocol (``model``, ``api_key``,
    ``base_url``, ``organization``).

    Raises:
        EvaluatorSettingError: it is none, has unknown keys, or names no model.
    """
    given = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    if not isinstance(given, Mapping):
        raise _wrong(f"A judge needs a model configuration, got {type(value).__name__}.", "Give {'connection': NAME, 'model': MODEL}.")
    found = {str(key): item for key, item in cast("Mapping[str, Any]", given).items() if item not in (None, "")}
    for key in found:
        if key not in _KEYS:
            like = nearest(key, list(_KEYS))
            raise _wrong(f"A model configuration has no {key!r}.", f"Did you mean {like!r}?" if like else f"It has {', '.join(_KEYS)}.")
    if not found.get("model") and not found.get("azure_deployment"):
        raise _wrong("The model configuration names no model.", "Give 'model', or for Azure OpenAI 'azure_deployment'.")
    if "type" not in found and "connection" not in found:
        found["type"] = "azure_openai" if any(key in found for key in _AZURE) else "openai"
    return found


def _wrong(message: str, remedy: str) -> EvaluatorSettingError:
    return EvaluatorSettingError(message, remedy=remedy, location=Location(pointer="/model_config"))


class JudgeModel:
    """Asks a prompty's question.

    Inside of a flow the models of that flow's run are used, so a judge's calls are in its trace and its record; elsewhere `connections`.
    """

    def __init__(self, prompt: Path, model_config: object, connections: Connections | None) -> None:
        self._prompt = prompt
        self._configuration = configuration(model_config)
        self._connections = connections
        self._resolvers: dict[int, ModelResolver] = {}
        self._flows: dict[tuple[int, int, frozenset[str]], LoadedFlow] = {}
        self._without: frozenset[str] = frozenset()

    async def ask(self, inputs: Mapping[str, str]) -> Reply:
        """Return the model's answer.

        Raises:
            LineFailedError: the call failed.
            FlowyardError: the prompty cannot be loaded, or there is no such connection.
        """
        # Nobody can write this code into a text that it is made of, so no text can end its own marks.
        mark = hashlib.blake2b("\0".join(inputs.values()).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
        without = self._without
        record = await self._run({**inputs, "mark": mark}, without)
        while record.error is not None and (more := _refused(record.error) - without):
            without |= more
            self._without |= more
            record = await self._run({**inputs, "mark": mark}, without)
        if record.error is not None:
            from flowyard.flows.errors import LineFailedError

            raise LineFailedError(record.error)
        return _reply(record)

    async def _run(self, inputs: Mapping[str, str], without: frozenset[str]) -> "LineRecord":
        from flowyard.flows.runtime.context import active_node

        active = active_node()
        record = await self._flow(active, without).run_async(inputs)
        if active is not None:
            prompt, completion = _tokens(record)
            active.record.prompt_tokens = (active.record.prompt_tokens or 0) + prompt
            active.record.completion_tokens = (active.record.completion_tokens or 0) + completion
            for node in record.nodes:  # whose price the run asks for
                active.record.model = node.model or active.record.model
                active.record.connection = node.connection or active.record.connection
        return record

    def _flow(self, active: "ActiveNode | None", without: frozenset[str]) -> "LoadedFlow":
        recorder = active.recorder if active else None
        resolver = self._resolver(active.resolver if active else None)
        key = (id(resolver), id(recorder), without)
        if key not in self._flows:
            from flowyard.flows import load_flow

            model: dict[str, Any] = {"configuration": self._configuration}
            if without:
                model["parameters"] = dict.fromkeys(without)
            self._flows[key] = load_flow(self._prompt, init={"model": model}, resolver=resolver, recorder=recorder)
        return self._flows[key]

    def _resolver(self, beyond: "ModelResolver | None") -> "ModelResolver | None":
        """Return what finds models: behind the given connections, else where the flow that runs here finds its own."""
        if not self._connections:
            return beyond
        if id(beyond) not in self._resolvers:
            from flowyard.flows.resolvers.direct import DirectResolver

            self._resolvers[id(beyond)] = DirectResolver(self._connections, beyond=beyond)
        return self._resolvers[id(beyond)]


def _refused(problem: Problem) -> frozenset[str]:
    """Return the parameters that the model refused by name."""
    if not _REFUSAL.search(problem.detail):
        return frozenset()
    return frozenset(name for name, words in _OPTIONAL.items() if words.search(problem.detail))


def _reply(record: "LineRecord") -> Reply:
    outputs = record.outputs
    prompt, completion = _tokens(record)
    answer = outputs["output"] if set(outputs) == {"output"} else outputs
    return Reply(
        answer=answer,
        model=next((node.model for node in record.nodes if node.model), None),
        prompt_tokens=prompt,
        completion_tokens=completion,
    )


def _tokens(record: "LineRecord") -> tuple[int, int]:
    prompt = sum(node.prompt_tokens or 0 for node in record.nodes)
    return prompt, sum(node.completion_tokens or 0 for node in record.nodes)
