"""``flowyard index preview``: ways of cutting a document, side by side, before anything is built."""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.wire.index_previews import ChunkPreview, PreviewedWay
    from flowyard.wire.indexes import ChunkRecipe, IndexChunk

#: How a way of cutting is written.
WAY = "strategy:tokens:overlap"
_BARS = " ▁▂▃▄▅▆▇█"
_SHOWN = 90


def preview(
    document: Annotated[str, typer.Option(help="The document: its path within the data, or its key in the index.")],
    *,
    data: Annotated[str | None, typer.Option(help="Where it is: a file or folder of this machine, or azureml:NAME:VERSION.")] = None,
    index: Annotated[str | None, typer.Option(help="Or an index that has it.")] = None,
    version: Annotated[str, typer.Option(help="With --index: a version or a label.")] = "latest",
    chunks: Annotated[list[str] | None, typer.Option(help=f"A way of cutting, {WAY}; up to four times. Three without it.")] = None,
    embedding_model: Annotated[str | None, typer.Option(help="Whose tokens are counted; the index's or the local one without it.")] = None,
    page: Annotated[int | None, typer.Option(help="The page whose chunks are shown; the first without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Cut one document in several ways, side by side, before anything is built. Nothing is kept.

    Example: flowyard index preview --data ./docs --document guide.md --chunks structure:256:32 --chunks tokens:128:16
    """
    ways = [way_of(text) for text in chunks or ("structure:256:32", "structure:128:16", "tokens:256:32")]
    found = workspace().indexes.preview(document, ways, data=data, index=index, version=version, embedding_model=embedding_model, page=page)
    emit(found, as_json=True) if as_json else _show(found)


def way_of(text: str) -> "ChunkRecipe":
    """Return the way of cutting that ``strategy:tokens:overlap`` names."""
    from flowyard.foundation.codecs import convert
    from flowyard.wire.indexes import ChunkRecipe

    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts[1:]):
        raise InvalidInputError(f"{text!r} is no way of cutting.", remedy=f"Write {WAY}, such as structure:256:32 or tokens:128:16.")
    return convert({"strategy": parts[0], "max_tokens": int(parts[1]), "overlap_tokens": int(parts[2])}, ChunkRecipe)


def _show(found: "ChunkPreview") -> None:
    counted = f"by the tokens of {found.embedding_model}"
    if not found.exact:
        counted += ", estimated, because a connection does not tell its tokenizer"
    emit(None, as_json=False, text=f"{found.title}: {found.characters:,} characters, {len(found.pages):,} pages; {counted}.\n")
    rows = [(_name(each), each.count, each.tokens, round(each.tokens / max(1, each.count)), _bars(each.histogram)) for each in found.ways]
    columns = ("way", "chunks", "tokens", "mean", "lengths up to the most")
    emit_table(found.ways, as_json=False, columns=columns, rows=rows, empty="")
    for each in found.ways:
        lines = [f"  {chunk.ordinal + 1}. {chunk.tokens} tokens: {_around(chunk)}" for chunk in each.chunks]
        emit(None, as_json=False, text="\n".join(["", f"Page {found.page} by {_name(each)}:", *lines]))


def _name(each: "PreviewedWay") -> str:
    return f"{each.way.strategy}:{each.way.max_tokens}:{each.way.overlap_tokens}"


def _bars(histogram: tuple[int, ...]) -> str:
    most = max(1, *histogram)
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in histogram)


def _around(chunk: "IndexChunk") -> str:
    """Return where a chunk begins and ends."""
    text = " ".join(chunk.text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]} … {text[-_SHOWN // 2 :]}"
