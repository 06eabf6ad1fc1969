"""``flowyard index``: indexes of documents, built, searched, compared and rolled back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli import index_measure, index_preview, index_tune
from flowyard.cli.endpoint_checks import use_text
from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import follow, workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.client.indexes import DocumentsFrom
    from flowyard.wire.index_origins import GitOrigin, SqlOrigin, WebOrigin
    from flowyard.wire.indexes import AccessRule, ChunkRecipe, IndexAnswer, IndexHit

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The index.")]
Version = Annotated[str, typer.Option("--version", help="A version or a label.")]
_SHOWN = 240


@app.command("create")
def create(
    name: Name,
    *,
    data: Annotated[
        str | None, typer.Option("--data", help="A file or folder, azureml:NAME:VERSION, or azureml://datastores/... .")
    ] = None,
    web: Annotated[str | None, typer.Option("--web", help="Or a web site: where to begin, https://host/docs/.")] = None,
    depth: Annotated[int | None, typer.Option(help="With --web: how many links away from there; 3 without it.")] = None,
    pages: Annotated[int | None, typer.Option(help="With --web: the most pages; 500 without it.")] = None,
    git: Annotated[str | None, typer.Option("--git", help="Or a Git repository: https://host/owner/name.git@REF#PATH.")] = None,
    sql: Annotated[str | None, typer.Option("--sql", help="Or a query whose rows are documents, of --datastore.")] = None,
    datastore: Annotated[str | None, typer.Option(help="With --sql: the datastore, a database.")] = None,
    key: Annotated[str, typer.Option(help="With --sql: the column that names a row.")] = "id",
    text: Annotated[list[str] | None, typer.Option("--text", help="With --sql: a column that holds text; several times.")] = None,
    title: Annotated[str | None, typer.Option(help="With --sql: the column that holds the title.")] = None,
    embedding_model: Annotated[
        str | None, typer.Option("--embedding-model", help="A local model, or CONNECTION/MODEL; without it the local one.")
    ] = None,
    strategy: Annotated[str | None, typer.Option(help="structure: at headings and paragraphs; tokens: windows of one length.")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="The most tokens of a chunk; 256 without it.")] = None,
    overlap: Annotated[int | None, typer.Option(help="Tokens that a chunk shares with the one before it; 32 without it.")] = None,
    access: Annotated[
        list[str] | None, typer.Option("--access", help="PATH=TAG,TAG: who finds the documents below PATH; may be given several times.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="What the version is.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build an index of documents, or its next version: only what changed is read and embedded.

    Without --data, --web, --git and --sql it is built of what the version before was, as that is now: the site, the repository, the query,
    or the newest version of the data asset. What was uploaded from a folder of this machine is such an asset.

    Example: flowyard index create handbook --data ./docs --max-tokens 300
    """
    ws = workspace()
    gathered = [
        _web(web, depth, pages) if web is not None else None,
        _git(git) if git is not None else None,
        _sql(sql, datastore, key, text, title) if sql is not None else None,
    ]
    source = None if data is None else data if data.startswith(("azureml:", "data/", "flowyard://")) else Path(data)
    job = ws.indexes.build(
        name,
        _one_of(source, *gathered),
        embedding_model=embedding_model,
        chunks=_chunks(strategy, max_tokens, overlap),
        access=None if access is None else [_rule(text) for text in access],
        description=description,
    )
    _built(follow(ws, job, quiet=as_json).result, as_json=as_json)


@app.command("list")
def list_indexes(as_json: AsJson = False) -> None:
    """List the indexes.

    Example: flowyard index list
    """
    found = workspace().indexes.list()
    rows = [
        (one.name, one.latest.version, one.latest.documents, one.latest.chunks, one.embedding_model, one.latest.created_at) for one in found
    ]
    columns = ("name", "version", "documents", "chunks", "model", "built")
    emit_table(
        found, as_json=as_json, columns=columns, rows=rows, empty="No index yet. Build one: flowyard index create NAME --data FOLDER"
    )


@app.command("show")
def show(
    name: Name,
    *,
    mlindex: Annotated[bool, typer.Option("--mlindex", help="Print the MLIndex YAML of a version, for the index-lookup tool.")] = False,
    version: Version = "latest",
    as_json: AsJson = False,
) -> None:
    """Show an index with its versions, the newest first; or what a flow names one of them by.

    Example: flowyard index show handbook --mlindex
    """
    if mlindex:
        told = workspace().indexes.mlindex(name, version)
        emit({"mlindex_content": told}, as_json=as_json, text=told.rstrip())
        return
    versions = workspace().indexes.versions(name)
    rows = [
        (
            one.version,
            ", ".join(one.labels),
            one.documents,
            one.unread,
            one.chunks,
            "" if one.embedded is None else one.embedded,
            f"{one.elapsed_s:.1f} s",
            one.source,
        )
        for one in versions
    ]
    columns = ("version", "labels", "documents", "unread", "chunks", "embedded", "took", "source")
    emit_table(versions, as_json=as_json, columns=columns, rows=rows, empty="No version yet.")


@app.command("documents")
def documents(
    name: Name,
    *,
    version: Version = "latest",
    unread: Annotated[bool, typer.Option("--unread", help="Only files that could not be read, with the reason.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the documents of a version.

    Example: flowyard index documents handbook --unread
    """
    found = list(workspace().indexes.documents(name, version, unread=True if unread else None))
    rows = [(one.key, one.title, one.pages or "", one.chunks, one.tokens, one.message or "") for one in found]
    columns = ("document", "title", "pages", "chunks", "tokens", "not read because")
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty="All files were read." if unread else "It has no documents.")


@app.command("query")
def query(
    name: Name,
    text: Annotated[str, typer.Argument(help="The question.")],
    *,
    version: Version = "latest",
    kind: Annotated[str, typer.Option(help="hybrid, vector or text.")] = "hybrid",
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=100, help="How many chunks.")] = 5,
    vector_weight: Annotated[float, typer.Option(min=0, max=1, help="The share of vectors in a hybrid search.")] = 0.5,
    under: Annotated[str, typer.Option(help="Only documents below this path.")] = "",
    tags: Annotated[list[str] | None, typer.Option("--tag", help="As somebody finds it who has these access tags; several times.")] = None,
    rerank: Annotated[str | None, typer.Option("--rerank", help="The reranking model that orders the best 30 anew.")] = None,
    as_json: AsJson = False,
) -> None:
    """Search an index: the best chunks, with the score of each kind of search.

    Example: flowyard index query handbook "How do I roll back?"
    """
    if kind not in {"hybrid", "vector", "text"}:
        raise InvalidInputError(f"{kind!r} is no kind of search.", remedy="Give hybrid, vector or text.")
    wanted: Any = kind
    answer = workspace().indexes.search(
        name, text, version=version, kind=wanted, top_k=top_k, vector_weight=vector_weight, under=under, tags=tags, rerank=rerank
    )
    emit(answer, as_json=as_json, text=_answer(answer))


@app.command("diff")
def diff(name: Name, before: str, after: str, as_json: AsJson = False) -> None:
    """Say what lies between two versions.

    Example: flowyard index diff handbook 1 2
    """
    found = workspace().indexes.diff(name, before, after)
    lines = [f"{found.chunks_added} chunks more, {found.chunks_removed} fewer"]
    for sign, keys in (("+", found.documents_added), ("-", found.documents_removed), ("~", found.documents_changed)):
        lines += [f"{sign} {key}" for key in keys]
    emit(found, as_json=as_json, text="\n".join(lines))


@app.command("label")
def label(
    name: Name,
    version: Annotated[str, typer.Argument(help="The version that gets the label.")],
    label: Annotated[str, typer.Option("--label", help="The label; 'latest' is what is searched by default.")] = "latest",
    as_json: AsJson = False,
) -> None:
    """Put a label on a version. 'latest' on an older version rolls back.

    Example: flowyard index label handbook 1
    """
    ws = workspace()
    versions = ws.indexes.label(name, label, version)
    emit(versions, as_json=as_json, text=f"{label} is version {version} of {name}.")
    for use in ws.endpoints.index_uses(index=name):
        if use.pinned or use.asked == label:
            note(f"{use.endpoint}/{use.deployment} asks {use_text(use)}.")


@app.command("delete")
def delete(name: Name, as_json: AsJson = False) -> None:
    """Delete an index with all its versions.

    Example: flowyard index delete handbook
    """
    ws = workspace()
    uses = ws.endpoints.index_uses(index=name)
    ws.indexes.delete(name)
    emit({"deleted": name}, as_json=as_json, text=f"{name} is deleted.")
    for use in uses:
        note(f"{use.endpoint}/{use.deployment} asks it: its searches fail now.")


def _one_of(*sources: "DocumentsFrom | None") -> "DocumentsFrom | None":
    given = [source for source in sources if source is not None]
    if len(given) > 1:
        raise InvalidInputError("An index is built of one source.", remedy="Give one of --data, --web, --git and --sql.")
    return given[0] if given else None


def _web(url: str, depth: int | None, pages: int | None) -> "WebOrigin":
    from flowyard.wire.index_origins import WebOrigin

    given = {key: value for key, value in {"depth": depth, "pages": pages}.items() if value is not None}
    return WebOrigin(url=url, **given)


def _git(text: str) -> "GitOrigin":
    """Read ``git+https://host/owner/name.git@ref#path``, as pip writes it; ``git+``, ref and path may be left out."""
    from flowyard.wire.index_origins import GitOrigin

    place, _, path = text.removeprefix("git+").partition("#")
    scheme, separator, rest = place.partition("://")
    host, slash, repository = rest.partition("/")
    repository, _, ref = repository.partition("@")
    return GitOrigin(url=f"{scheme}{separator}{host}{slash}{repository}", ref=ref or "HEAD", path=path)


def _sql(query: str, datastore: str | None, key: str, text: list[str] | None, title: str | None) -> "SqlOrigin":
    from flowyard.wire.index_origins import SqlOrigin

    if datastore is None or not text:
        raise InvalidInputError("A query needs a datastore and a column with text.", remedy="Add --datastore NAME --text COLUMN")
    return SqlOrigin(datastore=datastore, query=query, key=key, text=tuple(text), title=title)


def _chunks(strategy: str | None, max_tokens: int | None, overlap: int | None) -> "ChunkRecipe | None":
    from flowyard.wire.indexes import ChunkRecipe

    if strategy not in {None, "structure", "tokens"}:
        raise InvalidInputError(f"{strategy!r} is no way to cut documents.", remedy="Give structure or tokens.")
    given: dict[str, Any] = {"strategy": strategy, "max_tokens": max_tokens, "overlap_tokens": overlap}
    given = {key: value for key, value in given.items() if value is not None}
    return ChunkRecipe(**given) if given else None


app.command("preview")(index_preview.preview)
app.command("questions")(index_measure.questions)
app.command("measure")(index_measure.measure)
app.command("measurements")(index_measure.measurements)
app.command("compare")(index_measure.compare)
app.command("tune")(index_tune.tune)
app.command("tunings")(index_tune.tunings)
app.command("adopt")(index_tune.adopt)


def _rule(text: str) -> "AccessRule":
    from flowyard.wire.indexes import AccessRule

    under, equals, tags = text.partition("=")
    names = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    if not equals or not names:
        raise InvalidInputError(f"{text!r} says not who finds what.", remedy="Write --access hr/=hr,management")
    return AccessRule(under=under, tags=names)


def _built(result: Any, *, as_json: bool) -> None:
    from flowyard.foundation.codecs import convert
    from flowyard.wire.indexes import IndexBuildResult

    made: IndexBuildResult = convert(result, IndexBuildResult)
    if not made.made:
        text = f"Nothing changed since version {made.version} of {made.name}."
    else:
        text = (
            f"Version {made.version} of {made.name} has {made.chunks} chunks of {made.documents} documents; "
            f"{made.changed} were new or changed, {made.removed} are gone, {made.embedded} chunks were embedded."
        )
    emit(made, as_json=as_json, text=text)
    if made.unread and not as_json:
        note(f"{made.unread} documents could not be read: flowyard index documents {made.name} --unread")


def _answer(answer: "IndexAnswer") -> str:
    if not answer.hits:
        return "Nothing was found."
    return "\n\n".join(_hit(number, hit) for number, hit in enumerate(answer.hits, 1))


def _hit(number: int, hit: "IndexHit") -> str:
    pages = hit.chunk.pages
    several = f", pages {pages[0].number} to {pages[-1].number}" if len(pages) > 1 else ""
    page = several or (f", page {hit.chunk.page}" if hit.chunk.page is not None else "")
    path = f" | {' > '.join(hit.chunk.headings)}" if hit.chunk.headings else ""
    ways = (("reranked", hit.reranked), ("vector", hit.vector), ("words", hit.words))
    scores = [f"{kind} {found.score:.3f} (#{found.rank})" for kind, found in ways if found]
    text = " ".join(hit.chunk.text.split())
    document = hit.chunk.metadata.get("url", hit.chunk.document)
    return f"{number}. {document}{page}{path}\n   {', '.join(scores)}\n   {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}"
