"""``flowyard telemetry policy``: what is redacted before it is kept, and how long what is kept."""

import sys
from dataclasses import asdict, replace
from typing import Annotated, get_args

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.telemetry_policy import RedactionRule, RetentionDays, TelemetryPolicy

app = typer.Typer(no_args_is_help=True, help="Say what telemetry leaves out, and how long it keeps the rest.")

_FOREVER = "forever"
_RULES: tuple[RedactionRule, ...] = get_args(RedactionRule)
Redact = Annotated[list[str] | None, typer.Option("--redact", help="A rule of docs/privacy.md; may be given several times.")]


@app.command("show")
def show_policy(*, as_json: AsJson = False) -> None:
    """Show the workspace's telemetry policy.

    Example: flowyard telemetry policy show
    """
    _emit(workspace().telemetry.policy(), as_json=as_json)


@app.command("set")
def set_policy(
    *,
    redact: Redact = None,
    redact_nothing: Annotated[bool, typer.Option("--redact-nothing", help="Redact nothing, not even secrets.")] = False,
    retention: Annotated[
        list[str] | None,
        typer.Option(help="SIGNAL=DAYS or SIGNAL=forever, for spans, logs, metrics or scores; may be given several times."),
    ] = None,
    sampling: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="The share of traces that are kept, 0 to 1.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change the workspace's telemetry policy; what is not given stays as it is. The rules given replace all that were there.

    Example: flowyard telemetry policy set --redact secrets --redact email --retention spans=30 --retention scores=forever
    """
    if redact and redact_nothing:
        raise InvalidInputError("--redact and --redact-nothing were both given.", remedy="Give one of them.")
    if not (redact or redact_nothing or retention or sampling is not None):
        raise InvalidInputError("There is nothing to set.", remedy="Give --redact, --redact-nothing, --retention or --sampling.")
    telemetry = workspace().telemetry
    present = telemetry.policy()
    rules = () if redact_nothing else _rules(redact) or present.redact
    days = _retention(present.retention_days, retention or [])
    ratio = present.sampling_ratio if sampling is None else sampling
    _emit(telemetry.set_policy(redact=rules, retention_days=days, sampling_ratio=ratio), as_json=as_json)


@app.command("rules")
def list_rules(*, as_json: AsJson = False) -> None:
    """List the rules of redaction, with how well each does on its labelled sentences.

    Example: flowyard telemetry policy rules
    """
    found = list(workspace().telemetry.redaction_rules())
    rows = ((rule.name, rule.title, rule.marker, f"{rule.precision:.2f}", f"{rule.recall:.2f}") for rule in found)
    emit_table(found, as_json=as_json, columns=("rule", "finds", "marker", "precision", "recall"), rows=rows, empty="No rules.")


@app.command("preview")
def preview_policy(
    text: Annotated[str, typer.Argument(help="The text to try; - reads it from standard input.")],
    *,
    redact: Redact = None,
    as_json: AsJson = False,
) -> None:
    """Show what of a text would be kept, by the rules given or by the workspace's own. Nothing of it is kept.

    Example: flowyard telemetry policy preview "Write to alice@example.com" --redact email
    """
    found = workspace().telemetry.preview_policy(sys.stdin.read() if text == "-" else text, redact=_rules(redact))
    emit(found, as_json=as_json, text=found.text)


def _emit(policy: TelemetryPolicy, *, as_json: bool) -> None:
    days = ", ".join(
        f"{signal} {_FOREVER if count is None else f'{count} days'}" for signal, count in asdict(policy.retention_days).items()
    )
    share = "all traces" if policy.sampling_ratio >= 1 else f"{policy.sampling_ratio:.4g} of the traces"
    since = f"set at {policy.updated_at}" if policy.updated_at else "the default"
    emit(policy, as_json=as_json, text=f"redacted: {', '.join(policy.redact) or 'nothing'}\nkept:     {days}\nsampling: {share}\n({since})")


def _rules(given: list[str] | None) -> tuple[RedactionRule, ...] | None:
    unknown = next((name for name in given or () if name not in _RULES), None)
    if unknown is not None:
        raise InvalidInputError(f"There is no rule {unknown!r}.", remedy=f"The rules are {', '.join(_RULES)}.")
    return tuple(rule for rule in _RULES if rule in given) if given else None


def _retention(present: RetentionDays, given: list[str]) -> RetentionDays:
    names = tuple(asdict(present))
    changes: dict[str, int | None] = {}
    for word in given:
        signal, _, days = word.partition("=")
        if signal not in names or not (days == _FOREVER or days.isdecimal()):
            raise InvalidInputError(
                f"--retention {word!r} is not understood.",
                remedy=f"Write SIGNAL=DAYS or SIGNAL=forever; the signals are {', '.join(names)}.",
            )
        changes[signal] = None if days == _FOREVER else int(days)
    return replace(present, **changes)
