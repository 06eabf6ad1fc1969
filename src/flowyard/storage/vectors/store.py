"""Indexes in LanceDB: `flowyard.rag.ports.VectorStore`.

A step is one merge, hence one commit of Lance. A version is a branch of its table: it costs no copy, and what it holds is spared when old
states are freed (Lance refuses to free anything once a tagged state is old, so tags do not serve). Labels stand in a table beside.
"""

from datetime import timedelta
from typing import Any

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.access import EVERYTHING, Access
from flowyard.rag.errors import EmbeddingMismatchError, IndexConflictError, IndexVersionNotFoundError
from flowyard.rag.ports import EmbeddingModel, IndexDifference, IndexInfo, IndexKey, IndexReader, Step, Written
from flowyard.rag.search.filters import Filter
from flowyard.storage.vectors.comparing import difference
from flowyard.storage.vectors.conditions import one_of
from flowyard.storage.vectors.indexing import LANGUAGES, optimise, prepare
from flowyard.storage.vectors.labels import LabelTable
from flowyard.storage.vectors.reader import LanceReader
from flowyard.storage.vectors.rows import MARK, schema, step_table
from flowyard.storage.vectors.tables import About, LanceTables, checked, in_turn, table_name, told

_MOST_DIMENSIONS = 16_384


class LanceVectors:
    """Indexes below a folder or an object store's URL."""

    def __init__(self, place: str) -> None:
        self.tables = LanceTables(place)
        self._labels = LabelTable(self.tables)

    def create(self, key: IndexKey, embedding: EmbeddingModel, *, language: str | None = "English") -> None:
        """See `VectorStore.create`."""
        if not 1 <= embedding.dimensions <= _MOST_DIMENSIONS:
            raise InvalidInputError(
                f"An index of {embedding.dimensions} dimensions cannot be.", remedy=f"Give a number from 1 to {_MOST_DIMENSIONS}."
            )
        if language is not None and language not in LANGUAGES:
            raise InvalidInputError(f"{language!r} is no known language.", remedy=f"Give one of {', '.join(LANGUAGES)}, or none.")
        name, about = table_name(key), About(embedding, language)
        present = About.of(self.tables.made(key, name, schema(embedding.dimensions, about.metadata())))
        if present != about:
            raise IndexConflictError(
                f"The index {key.name!r} is there, with {present.embedding.name!r} of {present.embedding.dimensions} dimensions"
                f" in {present.language or 'no language'}.",
                remedy="Choose another name, or drop it first.",
            )
        in_turn(key, lambda: prepare(self.tables.open(key), language))

    def describe(self, key: IndexKey) -> IndexInfo:
        """See `VectorStore.describe`."""
        table = self.tables.open(key)
        about = About.of(table)
        chunks = LanceReader(key, table, about.embedding).count(EVERYTHING, Filter())
        with told(key):
            versions = _versions(table)
        return IndexInfo(
            embedding=about.embedding,
            language=about.language,
            chunks=chunks,
            versions=tuple(sorted(versions, key=lambda each: versions[each])),
        )

    def write(self, key: IndexKey, step: Step) -> Written:
        """See `VectorStore.write`."""
        embedding = About.of(self.tables.open(key)).embedding
        if step.embedding != embedding:
            raise EmbeddingMismatchError(
                f"The vectors are of {step.embedding.name!r} with {step.embedding.dimensions} dimensions; the index {key.name!r} is of"
                f" {embedding.name!r} with {embedding.dimensions}{'' if step.embedding.name != embedding.name else ', of other files'}.",
                remedy="Embed with the index's own model, or build another index.",
            )
        return in_turn(key, lambda: self._merge(self.tables.open(key), step))

    def publish(self, key: IndexKey, version: str) -> None:
        """See `VectorStore.publish`."""
        branch = _branch(version)

        def work() -> None:
            table = self.tables.open(key)
            state, versions = table.version, _versions(table)
            if version not in versions:
                table.branches.create(branch, from_version=state)
            elif versions[version] != state and _marks(table, versions[version]) != _marks(table, state):
                raise IndexConflictError(
                    f"The version {version!r} of {key.name!r} is published already, of another state.", remedy="Give it another name."
                )

        in_turn(key, work)

    def withdraw(self, key: IndexKey, version: str) -> None:
        """See `VectorStore.withdraw`."""
        table = self.tables.open(key)
        _known(key, _versions(table), version)
        standing = sorted(label for label, on in self._labels.all(key).items() if on == version)
        if standing:
            raise IndexConflictError(
                f"The label {standing[0]!r} of {key.name!r} stands on version {version!r}.", remedy="Let it stand on another version first."
            )
        in_turn(key, lambda: table.branches.delete(_branch(version)))

    def label(self, key: IndexKey, label: str, version: str) -> None:
        """See `VectorStore.label`."""
        checked("label", label)
        _known(key, _versions(self.tables.open(key)), version)
        self._labels.put(key, label, version)

    def labels(self, key: IndexKey) -> dict[str, str]:
        """See `VectorStore.labels`."""
        return self._labels.all(key)

    def restore(self, key: IndexKey, version: str) -> None:
        """See `VectorStore.restore`."""

        def work() -> None:
            table = self.tables.open(key)
            state = _known(key, _versions(table), version)
            if state != table.version:
                table.checkout(state)
                table.restore()

        in_turn(key, work)

    def open(self, key: IndexKey, version: str | None = None) -> IndexReader:
        """See `VectorStore.open`."""
        return self._reader(key, version)

    def diff(self, key: IndexKey, before: str | None, after: str | None, access: Access) -> IndexDifference:
        """See `VectorStore.diff`."""
        return difference(self._reader(key, before).digests(access), self._reader(key, after).digests(access))

    def optimise(self, key: IndexKey, *, keep_s: float = 3600.0) -> None:
        """See `VectorStore.optimise`."""
        table = self.tables.open(key)
        optimise(key, table, About.of(table), timedelta(seconds=max(keep_s, 0.001)))

    def drop(self, key: IndexKey) -> None:
        """See `VectorStore.drop`."""
        name = table_name(key)
        with told(key):
            connection = self.tables.connection(key.workspace_id)
            connection.drop_table(name, ignore_missing=True)
        self._labels.drop(key)

    def _reader(self, key: IndexKey, version: str | None) -> LanceReader:
        table = self.tables.open(key)
        about = About.of(table)
        with told(key):
            if version is None:
                table.checkout(table.version)
            else:
                versions = _versions(table)
                name = version if version in versions else self._labels.all(key).get(version, version)
                _known(key, versions, name)
                table = table.branches.checkout(_branch(name))
        return LanceReader(key, table, about.embedding)

    def _merge(self, table: Any, step: Step) -> Written:
        # Lance may commit and die before it says so: whoever repeats a step asks for its mark first.
        if table.count_rows(one_of("id", [f"{MARK}{step.key}"])):
            return Written(repeated=True)
        merge = table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
        going = " OR ".join(one_of(column, names) for column, names in (("document", step.documents), ("id", step.gone)) if names)
        # A merge that deletes reads all of the table; of new documents nothing goes.
        if going and table.count_rows(going):
            merge = merge.when_not_matched_by_source_delete(going)
        # The mark's vector is null, which is "bad" to LanceDB; those of chunks were checked.
        done = merge.execute(step_table(step), on_bad_vectors="null")
        return Written(repeated=False, added=done.num_inserted_rows - 1, replaced=done.num_updated_rows, removed=done.num_deleted_rows)


def _known(key: IndexKey, versions: dict[str, int], version: str) -> int:
    """Return the state of the table that a version was made of."""
    if version not in versions:
        there = ", ".join(sorted(versions)) or "none"
        raise IndexVersionNotFoundError(f"The index {key.name!r} has no version {version!r}.", remedy=f"There is: {there}.")
    return versions[version]


def _branch(version: str) -> str:
    return f"version.{checked('version', version)}"


def _versions(table: Any) -> dict[str, int]:
    """Return the states of the table that versions were made of, by the versions' names."""
    return {name.removeprefix("version."): int(branch["parent_version"]) for name, branch in table.branches.list().items()}


def _marks(table: Any, state: int) -> set[str]:
    table.checkout(state)
    found = table.search().where(f"starts_with(id, '{MARK}')").select(["id"]).to_arrow()
    return set(found["id"].to_pylist())
