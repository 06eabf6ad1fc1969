"""Where the documents of an index come from when they are neither files from here nor a data asset."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOrigin:
    """Pages and documents of one web server, found by following links.

    Attributes:
        url: where to begin. Only what is on the same server in the same folder (``https://host/docs/``) or below is read.
        depth: how many links away from there the last page may be: 0 is this page alone. A sitemap's addresses are one link away.
        pages: the most pages and documents.
    """

    url: str
    depth: int = 3
    pages: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class GitOrigin:
    """Files of a public Git repository.

    Attributes:
        url: the repository, ``https://host/owner/name.git``.
        ref: a branch, a tag or a commit; ``HEAD`` is the default branch.
        path: only files below this folder.
    """

    url: str
    ref: str = "HEAD"
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlOrigin:
    """Rows of a database, each of which is a document.

    Attributes:
        datastore: a datastore that is a database.
        query: a statement that gives rows and only reads.
        key: the column that names a row and is another for each.
        text: the columns that hold the text; several stand below each other, each under its name.
        title: the column that holds the title, if any. All other columns become the document's metadata.
    """

    datastore: str
    query: str
    key: str
    text: tuple[str, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOrigin:
    """Exactly one of these. What is there becomes a version of the data asset ``<index>-documents`` whenever it changed."""

    web: WebOrigin | None = None
    git: GitOrigin | None = None
    sql: SqlOrigin | None = None
