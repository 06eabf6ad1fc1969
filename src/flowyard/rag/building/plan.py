"""What changed between a source and a version of an index."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from flowyard.foundation.codecs import to_json
from flowyard.rag.building.model import BuildPlan, LedgerEntry, Recipe, SourceFile
from flowyard.rag.model import MetadataValue
from flowyard.rag.sources.manifest import Manifest, ManifestEntry

#: Files of one batch, and their bytes: a batch is one commit, and what is done again after a crash.
_FILES, _BYTES = 64, 4 * 1024 * 1024


def files_of(root: Path, each: Callable[[int], None]) -> list[SourceFile]:
    """Return the files of a source, in the order of their keys; hidden ones and links are left out. `each` hears how many there are.

    What a manifest beside them says of them is theirs, and files that it names and could not get are listed as such.
    """
    if root.is_file():
        return [_file(root, root.name, {})]
    manifest = Manifest.read(root).entries
    found = [_missing(entry) for entry in manifest.values() if entry.problem is not None]
    for key, path in paths_of(root):
        found.append(_file(path, key, manifest[key].metadata if key in manifest else {}))
        each(len(found))
    return sorted(found, key=lambda file: file.key)


def paths_of(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the keys of a source's files, in order, with where each is."""
    if root.is_file():
        yield root.name, root
        return
    for path in sorted(root.rglob("*")):
        key = path.relative_to(root).as_posix()
        if not path.is_symlink() and path.is_file() and not any(part.startswith(".") for part in key.split("/")):
            yield key, path


def path_of(root: Path, key: str) -> Path | None:
    """Return where the file of a source is that has this key, as `files_of` would find it; None when there is none."""
    if root.is_file():
        return root if key == root.name else None
    parts = key.split("/")
    if "\0" in key or any(part in {"", ".."} or part.startswith(".") for part in parts):
        return None
    places = [root.joinpath(*parts[: depth + 1]) for depth in range(len(parts))]
    return None if any(place.is_symlink() for place in places) or not places[-1].is_file() else places[-1]


def _file(path: Path, key: str, metadata: dict[str, MetadataValue]) -> SourceFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if metadata:
        digest = hashlib.sha256(digest.encode() + to_json(metadata)).hexdigest()
    return SourceFile(key=key, path=str(path), fingerprint=digest, bytes=path.stat().st_size, metadata=metadata)


def _missing(entry: ManifestEntry) -> SourceFile:
    problem = entry.problem or ""
    return SourceFile(key=entry.file, path="", fingerprint=hashlib.sha256(problem.encode()).hexdigest(), bytes=0, problem=problem)


def planned(files: Sequence[SourceFile], before: Iterable[LedgerEntry], *, recipe: Recipe, recipe_before: Recipe | None) -> BuildPlan:
    """Return what has to be done for a version of these files, when the version before has those."""
    there = {entry.key: entry for entry in before}
    same_way = recipe_before is not None and recipe.chunks == recipe_before.chunks

    def stays(file: SourceFile) -> bool:
        entry = there.get(file.key)
        if entry is None or entry.fingerprint != file.fingerprint or not same_way or recipe_before is None:
            return False
        return recipe.tags(file.key) == recipe_before.tags(file.key)

    return BuildPlan(
        kept=tuple(there[file.key] for file in files if stays(file)),
        changed=tuple(file for file in files if not stays(file)),
        gone=tuple(sorted(there.keys() - {file.key for file in files})),
    )


def batches(files: Sequence[SourceFile]) -> Iterator[tuple[SourceFile, ...]]:
    """Yield files in batches, always the same ones of the same files."""
    batch, size = list[SourceFile](), 0
    for file in files:
        if batch and (len(batch) == _FILES or size + file.bytes > _BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(file)
        size += file.bytes
    if batch:
        yield tuple(batch)
