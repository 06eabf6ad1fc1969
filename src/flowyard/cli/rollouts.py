"""``flowyard endpoint rollout``: traffic moves to a deployment in steps, and back when it does worse."""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, counted, emit, note
from flowyard.cli.session import key_values, workspace
from flowyard.foundation.errors import InvalidInputError, NotFoundError
from flowyard.wire.rollouts import Rollout, RolloutStart

if TYPE_CHECKING:
    from flowyard.client import Workspace

app = typer.Typer(
    no_args_is_help=True,
    help="Move traffic in steps, and back by itself when it gets worse.\n\nExample: flowyard endpoint rollout start support --to green",
)

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
_DURATION = re.compile(r"(\d+)(s|m|h)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_ONGOING = frozenset({"running", "paused"})
_LOOK_S = 1.0


@app.command("start")
def start(
    name: Name,
    *,
    to: Annotated[str, typer.Option(help="The deployment that is to get the traffic.")],
    steps: Annotated[str, typer.Option(help="Its shares in per cent, one after the other.")] = "5,25,50,100",
    every: Annotated[str, typer.Option(help="How long each step lasts at least: 60s, 10m, 1h.")] = "60s",
    min_requests: Annotated[
        int | None, typer.Option(min=1, help="Nothing is concluded of fewer requests in a step; 1 / max error rate, at least 20.")
    ] = None,
    max_error_rate: Annotated[float, typer.Option(min=0, max=1, help="Share of answers that may be errors.")] = 0.02,
    max_p95: Annotated[float | None, typer.Option(min=1, help="95 % of the answers come within so many ms.")] = None,
    max_p95_ratio: Annotated[
        float | None, typer.Option(min=1, help="… within so many times the time of 95 % of the other deployments'.")
    ] = None,
    evaluator: Annotated[str | None, typer.Option(help="An evaluator that scores sampled answers: flowyard evaluator list.")] = None,
    min_score: Annotated[float | None, typer.Option(help="The mean of its scores; at most that where less is better.")] = None,
    sample: Annotated[int, typer.Option(min=1, max=1000, help="How many answers of a step it scores.")] = 20,
    init: Annotated[list[str] | None, typer.Option("--init", help="A setting of the evaluator, name=value; may be repeated.")] = None,
    column_mapping: Annotated[
        list[str] | None,
        typer.Option(help="An input of the evaluator, name='${run.outputs.answer}' or '${run.inputs.question}'; may be repeated."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to its end; the exit code is 1 unless it completes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Move traffic to a deployment in steps. What it does worse than allowed moves it back, with the reason.

    Example: flowyard endpoint rollout start support --to green --steps 5,25,50,100 --every 60s --max-error-rate 0.02 --max-p95 800
    """
    spec = RolloutStart(
        to=to,
        steps=_steps(steps),
        every_s=_seconds(every),
        min_requests=min_requests,
        max_error_rate=max_error_rate,
        max_p95_ms=max_p95,
        max_p95_ratio=max_p95_ratio,
        evaluator=evaluator,
        min_score=min_score,
        sample=sample,
        evaluator_init=key_values(init or []),
        column_mapping={key: str(value) for key, value in key_values(column_mapping or []).items()},
    )
    ws = workspace()
    rollout = ws.rollouts.start(name, spec)
    if not wait:
        emit(rollout, as_json=as_json, text=f"{rollout.detail} See: flowyard endpoint rollout show {name}")
        return
    ended = _follow(ws, rollout, quiet=as_json)
    emit(ended, as_json=as_json, text=f"{ended.state}: {ended.detail}")
    if ended.state != "completed":
        raise typer.Exit(1)


@app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """Show the last rollout: its steps, what each saw, and what that meant.

    Example: flowyard endpoint rollout show support
    """
    rollouts = workspace().rollouts.list(name)
    if not rollouts:
        raise NotFoundError(f"{name} has had no rollout.", remedy=f"Start one: flowyard endpoint rollout start {name} --to DEPLOYMENT")
    emit(rollouts[0], as_json=as_json, text="\n".join(_lines(rollouts[0])))


@app.command("pause")
def pause(name: Name, as_json: AsJson = False) -> None:
    """Stay at the step; a breach still moves traffic back.

    Example: flowyard endpoint rollout pause support
    """
    _do(lambda ws: ws.rollouts.pause(name), as_json=as_json)


@app.command("resume")
def resume(name: Name, as_json: AsJson = False) -> None:
    """Let a paused rollout go on.

    Example: flowyard endpoint rollout resume support
    """
    _do(lambda ws: ws.rollouts.resume(name), as_json=as_json)


@app.command("abort")
def abort(name: Name, as_json: AsJson = False) -> None:
    """End it; traffic becomes what it was before.

    Example: flowyard endpoint rollout abort support
    """
    _do(lambda ws: ws.rollouts.abort(name), as_json=as_json)


def _do(change: "Callable[[Workspace], Rollout]", *, as_json: bool) -> None:
    rollout = change(workspace())
    emit(rollout, as_json=as_json, text=f"{rollout.state}: {rollout.detail}")


def _follow(ws: "Workspace", rollout: Rollout, *, quiet: bool) -> Rollout:
    said = ""
    while rollout.state in _ONGOING:
        if not quiet and rollout.detail != said:
            note(rollout.detail)
            said = rollout.detail
        time.sleep(_LOOK_S)
        rollout = next(entry for entry in ws.rollouts.list(rollout.endpoint) if entry.id == rollout.id)
    return rollout


def _lines(rollout: Rollout) -> list[str]:
    lines = [f"{rollout.endpoint} to {rollout.spec.to}: {rollout.state}", f"  {rollout.detail}"]
    for step in rollout.steps:
        lines.append(f"  {step.share:>3} %  {step.state}")
        if step.state != "pending":
            others = _seen(step.live_requests, step.live_errors, step.live_p95_ms)
            lines.append(f"         {_seen(step.requests, step.errors, step.p95_ms)}; the others {others}")
        lines += [f"         {check.verdict}: {check.text}" for check in step.checks]
    before = " ".join(f"{name}={share}" for name, share in rollout.before.items())
    return [*lines, f"  before: {before}; started {rollout.created_at} by {rollout.created_by}"]


def _seen(requests: int, errors: int, p95_ms: float | None) -> str:
    return f"{counted(requests, 'request')}, {counted(errors, 'error')}" + ("" if p95_ms is None else f", P95 {p95_ms:.0f} ms")


def _steps(text: str) -> tuple[int, ...]:
    parts = text.replace(",", " ").split()
    if not all(part.isdigit() for part in parts):
        raise InvalidInputError(f"{text!r} are no steps.", remedy="Give shares in per cent: --steps 5,25,50,100")
    return tuple(int(part) for part in parts)


def _seconds(text: str) -> int:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise InvalidInputError(f"{text!r} is no duration.", remedy="Write for instance --every 60s, 10m or 1h.")
    return int(found[1]) * _SECONDS[found[2] or "s"]
