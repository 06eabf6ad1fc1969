"""On which pages of its document a stretch of text stands."""

from bisect import bisect_right
from collections.abc import Iterable

from flowyard.rag.model import Page, Stretch

#: Of each page, in the order of the text, its number and the character of the document's text with which it begins.
PageStarts = tuple[tuple[int, int], ...]


def starts_of(pages: Iterable[Page]) -> PageStarts:
    """Return where pages begin."""
    return tuple((page.number, page.stretch.start) for page in pages)


def pages_within(starts: PageStarts, stretch: Stretch) -> tuple[Page, ...]:
    """Return the pages that a stretch stands on, each with what of the stretch it has; none where there are no pages."""
    first = max(0, bisect_right(starts, stretch.start, key=_start) - 1)
    last = bisect_right(starts, stretch.end - 1, key=_start)
    found = starts[first:last]
    ends = (*(start for _, start in found[1:]), stretch.end)
    return tuple(Page(number, Stretch(max(start, stretch.start), end)) for (number, start), end in zip(found, ends, strict=False))


def main_page(pages: tuple[Page, ...]) -> int | None:
    """Return the number of the page that most of a stretch stands on, the first one of several."""
    return max(pages, key=lambda page: page.stretch.end - page.stretch.start).number if pages else None


def _start(page: tuple[int, int]) -> int:
    return page[1]
