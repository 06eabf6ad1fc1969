"""All checks by name, which of them apply to a model, and how one is made."""

import time
from collections.abc import Awaitable, Callable, Sequence

from flowyard.catalog.verify import chat_checks, encoder_checks
from flowyard.catalog.verify.probe import CheckFailedError, NotApplicableError, Probe, Subject
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.errors import ModelAccessDeniedError, ModelUnreachableError
from flowyard.wire.model_verifications import CheckName, CheckStatus, ModelCheck

Check = Callable[[Probe], Awaitable[str]]

_CHAT: dict[CheckName, Check] = {
    "chat": chat_checks.chat,
    "streaming": chat_checks.streaming,
    "stop": chat_checks.stop,
    "json_schema": chat_checks.json_schema,
    "tools": chat_checks.tools,
    "long_context": chat_checks.long_context,
    "determinism": chat_checks.determinism,
    "speed": chat_checks.speed,
}
_ENCODER: dict[CheckName, Check] = {"determinism": encoder_checks.determinism, "speed": encoder_checks.speed}
_BY_TASK: dict[str, dict[CheckName, Check]] = {
    "chat-completion": _CHAT,
    "completion": _CHAT,
    "embeddings": {"embeddings": encoder_checks.embeddings, **_ENCODER},
    "rerank": {"rerank": encoder_checks.rerank, **_ENCODER},
}
#: In the order in which they are made.
ALL: tuple[CheckName, ...] = (
    "chat", "streaming", "stop", "json_schema", "tools", "embeddings", "rerank", "long_context", "determinism", "speed", "memory",
)  # fmt: skip
#: What the checks ask and answer in all, tokens, without the long context: as counted with SmolLM2, rounded up.
_TOKENS: dict[CheckName, tuple[int, int]] = {
    "chat": (50, 32),
    "streaming": (50, 32),
    "stop": (100, 64),
    "json_schema": (120, 64),
    "tools": (250, 64),
    "embeddings": (60, 0),
    "rerank": (60, 0),
    "determinism": (150, 96),
    "speed": (400, 96),
}
#: Said when nothing can come of trying further.
_HOPELESS = (ModelUnreachableError, ModelAccessDeniedError)


def chosen(asked: Sequence[CheckName] | None) -> tuple[CheckName, ...]:
    """Return the checks that are wanted, in order; None: all."""
    return ALL if asked is None else tuple(name for name in ALL if name in asked)


def tokens(names: Sequence[CheckName], subject: Subject, max_context: int) -> tuple[int, int]:
    """Return about how many tokens the checks ask and have answered."""
    there = _BY_TASK[subject.task]
    applying: list[CheckName] = [name for name in names if there.get(name) is not None]
    pairs = [_TOKENS.get(name, (0, 0)) for name in applying]
    prompt, completion = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    if "long_context" in applying and subject.context is not None:
        prompt += round(chat_checks.FILLED * min(subject.context, max_context)) + 600
        completion += 34
    return prompt, completion


async def run_check(name: CheckName, probe: Probe) -> ModelCheck:
    """Make one check. What goes wrong is its result.

    Raises:
        ModelUnreachableError, ModelAccessDeniedError: nobody answers, or not to us, so that no check would say anything of the model.
    """
    check = _BY_TASK[probe.subject.task].get(name)
    if check is None:
        return ModelCheck(name=name, status="not_applicable", detail=f"It is a model for {probe.subject.task}.")
    began = time.perf_counter()
    status: CheckStatus
    try:
        status, detail = "pass", await check(probe)
    except NotApplicableError as error:
        status, detail = "not_applicable", str(error)
    except CheckFailedError as error:
        status, detail = "fail", str(error)
    except _HOPELESS:
        raise
    except FlowyardError as error:
        status, detail = "fail", f"{error.title}: {error.message}"
    request, answer = probe.evidence()
    return ModelCheck(
        name=name,
        status=status,
        detail=detail,
        request=request,
        answer=answer,
        duration_ms=round((time.perf_counter() - began) * 1000, 1),
        figures=dict(probe.figures),
    )
