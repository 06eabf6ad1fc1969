"""Texts that are alike: what is found is so, and nearly all that is so is found."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowyard.data.transforms.minhash import Signatures, band_rows, groups, shingles

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "größe", "日本語", "naïve"]


def first_of(texts: list[str], threshold: float, *, batch: int = 7, shingle: int = 5) -> list[int]:
    signatures = Signatures(shingle)
    for start in range(0, len(texts), batch):
        signatures.add(texts[start : start + batch])
    found = groups(signatures, threshold, shingle, texts.__getitem__)
    return [found.first(number) for number in range(len(texts))]


def similarity(one: str, other: str, size: int = 5) -> float:
    sets = [{text[at : at + size] for at in range(max(len(text) - size + 1, 1))} for text in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_copies_with_small_changes_are_found_and_what_is_found_is_alike() -> None:
    drawn = random.Random(3)
    words = ["".join(drawn.choices("abcdefghijklmnop", k=6)) for _ in range(400)]
    texts: list[str] = []
    for _ in range(300):
        if texts and drawn.random() < 0.4:
            changed = drawn.choice(texts).split()
            for _ in range(drawn.randint(0, 4)):
                changed[drawn.randrange(len(changed))] = drawn.choice(words)
            texts.append(" ".join(changed))
        else:
            texts.append(" ".join(drawn.choices(words, k=40)))
    pairs = [(one, other) for other in range(300) for one in range(other) if similarity(texts[one], texts[other]) >= 0.8]
    firsts = first_of(texts, 0.8)
    found = sum(firsts[one] == firsts[other] for one, other in pairs)
    assert len(pairs) > 60
    assert found >= 0.98 * len(pairs)
    for number, first in enumerate(firsts):
        linked = [other for other in range(number) if firsts[other] == first]
        assert first == number or any(similarity(texts[number], texts[other]) >= 0.8 for other in linked)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=12), st.integers(1, 5))
def test_equal_texts_are_one_group_however_they_come_and_empty_ones_none(texts: list[str], batch: int) -> None:
    firsts = first_of(texts, 0.9, batch=batch)
    assert firsts == first_of(texts, 0.9, batch=100)
    for number, text in enumerate(texts):
        if text:
            assert firsts[number] <= texts.index(text)
        else:
            assert firsts[number] == number


def test_short_texts_are_compared_as_a_whole() -> None:
    assert first_of(["a", "b", "a", "", "ab", ""], 0.8) == [0, 1, 0, 3, 4, 5]


def test_shingles_do_not_cross_texts() -> None:
    hashes, owners = shingles(np, ["abcdef", "x", "abcdeg"], 5)
    apart = [shingles(np, [text], 5)[0].tolist() for text in ("abcdef", "x", "abcdeg")]
    assert [hashes[owners == number].tolist() for number in range(3)] == apart
    assert apart[0][0] == apart[2][0]


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_bands_let_nearly_all_pairs_of_the_threshold_meet(threshold: float) -> None:
    rows = band_rows(threshold)
    assert 1 - (1 - threshold**rows) ** (128 // rows) >= 0.995
