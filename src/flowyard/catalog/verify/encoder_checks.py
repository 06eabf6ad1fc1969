"""Checks of models that turn texts into vectors, or order them."""

import math
import time

from flowyard.catalog.verify.probe import CheckFailedError, Probe

_QUESTION = "How do I return a parcel?"
_NEAR, _FAR = "Parcels can be sent back free of charge within 30 days.", "The volcano was formed two million years ago."


async def embeddings(probe: Probe) -> str:
    """Texts become finite vectors of the same length, and what is alike lies nearer."""
    vectors = await probe.embed([_QUESTION, _NEAR, _FAR])
    sizes = {len(vector) for vector in vectors}
    if len(vectors) != 3 or len(sizes) != 1 or 0 in sizes:
        raise CheckFailedError(f"Three texts became {len(vectors)} vectors of {sorted(sizes)} dimensions.")
    size = sizes.pop()
    wanted = probe.subject.dimensions
    if wanted is not None and size != wanted:
        raise CheckFailedError(f"A vector has {size} dimensions; the card says {wanted}.")
    if not all(math.isfinite(value) for vector in vectors for value in vector):
        raise CheckFailedError("A vector has values that are no finite numbers.")
    near, far = _cosine(vectors[0], vectors[1]), _cosine(vectors[0], vectors[2])
    probe.figures.update(dimensions=size, cosine_near=round(near, 4), cosine_far=round(far, 4))
    if near <= far:
        raise CheckFailedError(f"An answer to the question is no nearer to it ({near:.2f}) than something else ({far:.2f}).")
    return f"{size} dimensions; an answer to the question is nearer ({near:.2f}) than something else ({far:.2f})."


async def rerank(probe: Probe) -> str:
    """What answers a question comes before what does not."""
    results = await probe.rerank(_QUESTION, [_FAR, _NEAR])
    scores = {int(found.get("index", -1)): float(found.get("relevance_score", math.nan)) for found in results}
    if set(scores) != {0, 1} or not all(math.isfinite(score) for score in scores.values()):
        raise CheckFailedError(f"Two documents got these scores: {scores}.")
    probe.figures.update(score_near=round(scores[1], 4), score_far=round(scores[0], 4))
    if scores[1] <= scores[0]:
        raise CheckFailedError(f"The answer to the question got {scores[1]:.3f}, something else {scores[0]:.3f}.")
    return f"The answer to the question got {scores[1]:.3f}, something else {scores[0]:.3f}."


async def determinism(probe: Probe) -> str:
    """The same text becomes the same vector, or the same score, twice, to five places."""
    first, second = [await _numbers(probe) for _ in range(2)]
    if len(first) != len(second) or any(abs(one - two) > 1e-5 for one, two in zip(first, second, strict=False)):
        raise CheckFailedError("The same request was answered with other numbers.")
    return "The same request was answered with the same numbers."


async def speed(probe: Probe) -> str:
    """How many texts of some 20 words it computes in a second, eight at once: the better of two."""
    texts = [f"{number}. {_NEAR} {_QUESTION}" for number in range(8)]
    took: list[float] = []
    for _ in range(2):
        began = time.perf_counter()
        await (probe.rerank(_QUESTION, texts) if probe.subject.task == "rerank" else probe.embed(texts))
        took.append(time.perf_counter() - began)
    probe.figures["texts_per_s"] = round(len(texts) / min(took), 1)
    return f"{probe.figures['texts_per_s']:,.1f} texts of about 20 tokens a second, eight at once."


async def _numbers(probe: Probe) -> list[float]:
    if probe.subject.task == "rerank":
        return [float(found.get("relevance_score", 0.0)) for found in await probe.rerank(_QUESTION, [_FAR, _NEAR])]
    return [value for vector in await probe.embed([_QUESTION]) for value in vector]


def _cosine(one: list[float], other: list[float]) -> float:
    product = math.fsum(a * b for a, b in zip(one, other, strict=True))
    lengths = math.sqrt(math.fsum(a * a for a in one) * math.fsum(b * b for b in other))
    return product / lengths if lengths else 0.0
