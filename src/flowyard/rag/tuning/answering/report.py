"""The report of answers: what each configuration and variant gave, which is recommended, and what that rests on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from flowyard.rag.tuning.answering.scoring import Answer, figures
from flowyard.rag.tuning.effects import effects_of
from flowyard.rag.tuning.report import Measured, confirmation, confirmed, recommended
from flowyard.wire.index_tunings import AnswerMeasure, TuningAnswer, TuningEffect, TuningJudge

_PERCENT = 100


@dataclass(slots=True)
class Answered(Measured[Answer]):
    """What the flow answered with a variant by what a configuration found."""

    trial: str
    variant: str


def answers_of(tried: Sequence[Answered]) -> tuple[TuningAnswer, ...]:
    """Return what each configuration and variant gave, the present configuration with the first variant first."""
    best, differences = recommended(tried), confirmed(tried)
    return tuple(
        TuningAnswer(
            trial=one.trial,
            variant=one.variant,
            found=figures(one.seen),
            confirmed=figures(one.held_out) if one.held_out else None,
            difference=differences.get(place),
            recommended=place == best,
        )
        for place, one in enumerate(tried)
    )


def effects_of_prompts(tried: Sequence[Answered]) -> tuple[TuningEffect, ...]:
    """Return what each variant does instead of the first, over the configurations."""
    groups: dict[tuple[str, Hashable], list[list[Answer]]] = {}
    for one in tried:
        groups.setdefault((one.variant, one.trial), []).append(one.seen)
    return tuple(effects_of("prompt", groups))


def told_answers(found: Sequence[TuningAnswer], measure: AnswerMeasure) -> tuple[str, ...]:
    """Return what was found of answers, in words."""
    present, best = found[0], next(one for one in found if one.recommended)
    name = named(best.trial, best.variant)
    unknown = f"{_PERCENT * best.found.unknown:.0f} % of its answers say that they do not know"
    if best is present:
        told = [
            f"Answers by {name} are recommended: none that is shorter or faster comes within one standard error of the best; {unknown}."
        ]
    else:
        told = [f"Answers by {name} are recommended. {confirmation(best.difference, best.found.score.mean, measure)}"]
        more = best.found.prompt_tokens + best.found.completion_tokens - present.found.prompt_tokens - present.found.completion_tokens
        told.append(
            f"An answer takes {abs(more):,.0f} tokens {'fewer' if more < 0 else 'more'} than by {named(present.trial, present.variant)}; "
            f"{unknown}, where it was {_PERCENT * present.found.unknown:.0f} %."
        )
    failed = sum(one.found.failed + (0 if one.confirmed is None else one.confirmed.failed) for one in found)
    if failed:
        told.append(f"{failed} answers failed; the runs say why.")
    return tuple(told)


def told_judge(judge: TuningJudge) -> tuple[str, ...]:
    """Return in words who judged, what that took, and what has no score."""
    cost = "" if judge.cost is None else f", which cost {int(judge.cost.micros) / 1_000_000:.4f} US dollars"
    tokens = judge.prompt_tokens + judge.completion_tokens
    told = [f"Groundedness and relevance were judged by {judge.model}: {judge.calls:,} calls with {tokens:,} tokens{cost}."]
    if judge.left_out:
        told.append(f"{judge.left_out} questions do not count: some answer to them has no score by the judge.")
    if judge.problem:
        told.append(f"The first answer of the judge without a score: {judge.problem}")
    return tuple(told)


def named(trial: str, variant: str) -> str:
    """Return what a configuration with a variant is called."""
    return f"{trial} with {variant}" if variant else trial
