"""Documents to chunks: where cuts are made, and what is true of every chunk."""

import dataclasses
import itertools
import re
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.foundation.errors import InvalidInputError
from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.chunking.preview import previews
from flowyard.rag.chunking.settings import ChunkSettings, Strategy
from flowyard.rag.chunking.tokens import ApproximateTokenizer, longest_text
from flowyard.rag.cracking.structure import structure
from flowyard.rag.model import Chunk, Document, Page, Stretch
from flowyard.rag.pages import pages_within

ALL: tuple[Strategy, ...] = ("structure", "tokens")


class Words:
    """Each word and each mark is a token."""

    def __init__(self, longest: int | None = None) -> None:
        self.texts: list[str] = []
        self.longest = longest

    def starts(self, text: str) -> "array[int]":
        self.texts.append(text)
        return array("q", [found.start() for found in re.finditer(r"\w+|[^\w\s]", text)])


def document(text: str, **more: object) -> Document:
    headings, blocks = structure(text)
    made = Document(key="a.md", title="a", text=text, fingerprint="f", media_type="text/markdown", headings=headings, blocks=blocks)
    return dataclasses.replace(made, **more)


def cut(text: str, *, most: int = 20, overlap: int = 0, strategy: Strategy = "structure", **more: object) -> list[Chunk]:
    settings = ChunkSettings(strategy=strategy, max_tokens=most, overlap_tokens=overlap)
    return Chunker(settings, Words()).chunks(document(text, **more))


def texts(chunks: list[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


def words(count: int, name: str = "w") -> str:
    return " ".join(f"{name}{index}" for index in range(count))


def test_what_fits_stays_whole() -> None:
    [only] = cut("# Title\n\nA short text.\n")
    assert (only.text, only.headings, only.kind, only.tokens) == ("# Title\n\nA short text.", ("Title",), "text", 6)


def test_headings_of_the_same_level_part_and_lower_ones_stay_below() -> None:
    found = cut(f"# A\n\n{words(5)}\n\n## B\n\n{words(5)}\n\n# C\n\n{words(5)}\n\n## D\n\n{words(5)}")
    assert [chunk.headings for chunk in found] == [("A",), ("C",)]
    assert "## B" in found[0].text


def test_long_sections_part_at_lower_headings_and_keep_the_path() -> None:
    found = cut(f"# A\n\n{words(15)}\n\n## B\n\n{words(15)}\n\n### C\n\n{words(15)}")
    assert [chunk.headings for chunk in found] == [("A",), ("A", "B"), ("A", "B", "C")]


def test_paragraphs_then_sentences_then_words() -> None:
    assert texts(cut(f"{words(12)}.\n\n{words(12)}.")) == [f"{words(12)}."] * 2
    assert texts(cut(f"{words(12)}. {words(12)}.")) == [f"{words(12)}."] * 2
    assert [chunk.tokens for chunk in cut(words(45))] == [20, 20, 5]


def test_a_word_longer_than_a_chunk_is_cut() -> None:
    long = "a-" * 30
    assert "".join(texts(cut(long))) == long


def test_overlap_begins_at_a_sentence_and_stays_below_the_heading() -> None:
    parts = [f"{words(5, name)}." for name in "abcdefghij"]
    found = cut("# H\n\n" + " ".join(parts) + "\n\n# I\n\n" + words(30, "z"), most=40, overlap=8)
    assert [chunk.text.split()[0] for chunk in found if chunk.headings == ("H",)] == ["#", "e0"]
    assert found[-1].text.startswith("# I")


def test_a_table_is_cut_between_rows_and_repeats_its_names() -> None:
    rows = [f"| {index} | x{index} |" for index in range(10)]
    found = cut("| n | m |\n|--|--|\n" + "\n".join(rows), most=60)
    assert [chunk.kind for chunk in found] == ["table"] * len(found)
    assert found[0].prefix == ""
    assert {chunk.prefix for chunk in found[1:]} == {"| n | m |\n|--|--|\n"}
    assert "\n".join(texts(found)) == "| n | m |\n|--|--|\n" + "\n".join(rows)


def test_code_is_cut_before_a_definition_and_names_what_it_is_within() -> None:
    method = "    def m{}(self):\n        a = 1\n        b = 2\n        return a\n\n"
    code = "```py\nclass A:\n" + "".join(method.format(index) for index in range(4)) + "```"
    found = cut(code, most=40)
    assert all(chunk.text.startswith(("```", "def m")) for chunk in found)
    assert {chunk.prefix for chunk in found[1:] if chunk.text.startswith("def")} == {"class A:\n"}


def test_listings_and_tables_have_no_overlap_and_leave_no_room_for_one() -> None:
    listing = "```\n" + "\n".join(f"x{index} = {index}" for index in range(40)) + "\n```"
    table = "| n | m |\n|--|--|\n" + "\n".join(f"| {index} | x{index} |" for index in range(40))
    for text in (listing, table):
        found = cut(text, most=60, overlap=30)
        assert found == cut(text, most=60)
        assert all(45 <= chunk.tokens <= 60 for chunk in found[:-1])


def test_small_sections_are_joined() -> None:
    found = cut("# A\n\n# B\n\n# C\n\n" + words(30), most=40)
    assert len(found) == 1


def test_a_text_with_its_listing_is_text_and_a_listing_alone_is_code() -> None:
    listing = "```\nx = 1\n```"
    assert [chunk.kind for chunk in cut(f"Look:\n\n{listing}")] == ["text"]
    assert [chunk.kind for chunk in cut(listing)] == ["code"]


def test_pages() -> None:
    text = f"{words(15)}\n\n{words(15)}"
    pages = (Page(1, Stretch(0, 50)), Page(2, Stretch(text.index("\n\n") + 2, len(text))))
    assert [chunk.page for chunk in cut(text, pages=pages)] == [1, 2]
    assert cut(text)[0].page is None


def test_a_chunk_over_two_pages_is_on_that_which_has_most_of_it() -> None:
    short, long = "A house.", "The garage opens at seven and closes at eight."
    for first, second, expected in ((short, long, 2), (long, short, 1), (short, short, 1)):
        text = f"{first}\n\n{second}"
        pages = (Page(1, Stretch(0, len(first))), Page(2, Stretch(len(first) + 2, len(text))))
        assert [chunk.page for chunk in cut(text, pages=pages)] == [expected]


def test_ids_stay_when_something_else_changes() -> None:
    before = cut(f"# A\n\n{words(15, 'a')}\n\n# B\n\n{words(15, 'b')}\n\n# C\n\n{words(15, 'c')}")
    after = cut(f"# A\n\n{words(15, 'a')}\n\n# B\n\n{words(15, 'x')}\n\n# C\n\n{words(15, 'c')}")
    assert [one.id == other.id for one, other in zip(before, after, strict=True)] == [True, False, True]
    twice = cut(f"{words(15)}\n\n{words(15)}")
    assert twice[0].id != twice[1].id


def test_a_document_is_tokenised_once() -> None:
    tokenizer = Words()
    text = f"# A\n\n{words(100)}\n\n| a | b |\n|--|--|\n" + "\n".join(f"| {index} | x |" for index in range(30))
    found = Chunker(ChunkSettings(max_tokens=60, overlap_tokens=8), tokenizer).chunks(document(text))
    assert tokenizer.texts.count(text) == 1
    assert sum(len(one) for one in tokenizer.texts) < len(text) + 50
    assert len(found) > 3


def test_previews_side_by_side() -> None:
    ways = [ChunkSettings(max_tokens=20, overlap_tokens=0), ChunkSettings(strategy="tokens", max_tokens=40, overlap_tokens=10)]
    first, second = previews(document(words(100)), ways, Words())
    assert (len(first.chunks), first.tokens, sum(first.histogram), first.histogram[-1]) == (5, 100, 5, 5)
    assert second.tokens > 100
    assert second.settings == ways[1]


@pytest.mark.parametrize(("most", "overlap"), [(15, 0), (20, -1), (20, 11)])
def test_settings_that_do_not_fit(most: int, overlap: int) -> None:
    with pytest.raises(InvalidInputError):
        ChunkSettings(max_tokens=most, overlap_tokens=overlap)


pieces = st.sampled_from(
    [
        "# H",
        "## I",
        "word",
        "a longer sentence. ",
        "|",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```\n",
        "    indented",
        "é漢字。",
        "\u2028",
        " \t",
        "x" * 90,
    ]
)


@given(
    text=st.lists(pieces, max_size=40).map("\n".join) | st.text(max_size=300),
    strategy=st.sampled_from(ALL),
    overlap=st.integers(0, 8),
)
def test_chunks_hold_all_text_in_order_and_none_is_too_long(text: str, strategy: Strategy, overlap: int) -> None:
    settings = ChunkSettings(strategy=strategy, max_tokens=16, overlap_tokens=overlap)
    chunker = Chunker(settings, ApproximateTokenizer())
    found = chunker.chunks(document(text))
    assert found == chunker.chunks(document(text))
    held = set(itertools.chain.from_iterable(range(chunk.stretch.start, chunk.stretch.end) for chunk in found))
    assert all(index in held for index, character in enumerate(text) if not character.isspace())
    assert all(text[chunk.stretch.start : chunk.stretch.end] == chunk.text and chunk.text.strip() for chunk in found)
    assert all(chunk.tokens <= 16 for chunk in found)
    assert all(one.stretch.start < other.stretch.start for one, other in itertools.pairwise(found))
    assert len({chunk.id for chunk in found}) == len(found)
    assert [chunk.ordinal for chunk in found] == list(range(len(found)))


def test_what_is_embedded_goes_into_the_model_with_as_many_headings_as_do() -> None:
    [chunk] = cut("The garage opens at seven and closes at eight.")
    chunk = dataclasses.replace(chunk, headings=("A guide to parking", "Opening hours"))
    assert chunk.path == "A guide to parking > Opening hours"
    for longest, headings in ((30, "A guide to parking > Opening hours\n"), (15, "parking > Opening hours\n"), (12, "hours\n"), (11, "")):
        model = Words(longest)
        told = Chunker(ChunkSettings(max_tokens=16, overlap_tokens=0), model).embedded(chunk)
        assert told == headings + chunk.text
        assert len(model.starts(told)) <= longest


def test_chunks_are_no_longer_than_the_model_takes() -> None:
    text = " ".join(f"word{number}" for number in range(100))
    found = Chunker(ChunkSettings(max_tokens=64), Words(longest_text(22))).chunks(document(text))
    assert 10 < max(chunk.tokens for chunk in found) <= 20


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(0, 250), st.integers(1, 120), st.integers(0, 20))
def test_the_pages_of_a_stretch_are_parts_of_it_without_a_gap(lengths: list[int], start: int, length: int, before: int) -> None:
    places = [before + sum(lengths[:number]) for number in range(len(lengths))]
    starts, stretch = tuple(enumerate(places, start=1)), Stretch(start, start + length)
    found = pages_within(starts, stretch)
    on = {number for at in range(stretch.start, stretch.end) for number in [sum(place <= at for place in places)] if number}
    assert [page.number for page in found] == sorted(on)
    covered = [at for page in found for at in range(page.stretch.start, page.stretch.end)]
    assert covered == [at for at in range(stretch.start, stretch.end) if at >= places[0]]
