"""Previews and statistics of data assets, and of files in datastores that nobody made an asset of."""

import time
from dataclasses import replace
from pathlib import PurePosixPath

from flowyard.data.bookmarks import Bookmarks, is_bookmark
from flowyard.data.errors import DataError
from flowyard.data.previews.findings import Findings
from flowyard.data.previews.looking import IMAGES, ROW_FORMATS
from flowyard.data.previews.mltable import read_mltable
from flowyard.data.previews.protocol import File, Form, Task
from flowyard.data.previews.runner import PreviewRunner, Reader
from flowyard.data.service import DataService
from flowyard.data.views import View, ViewedFile, described, local_view
from flowyard.foundation.references import Reference
from flowyard.identity.model import Caller
from flowyard.wire.data_previews import DataPreview, DataStatistics

#: Of a folder so many files with rows are looked at.
_MOST_FILES = 1000
_PREVIEW_S, _STATISTICS_S = 60.0, 600.0
#: A piece of a file has at most so many bytes.
CONTENT_LIMIT = 32 * 1024 * 1024


class PreviewService:
    """Looks into data. All methods block.

    Args:
        data: the assets.
        bookmarks: reads what is in datastores.
        runner: looks at files where they can do no harm.
    """

    def __init__(self, data: DataService, bookmarks: Bookmarks, runner: PreviewRunner) -> None:
        self._data = data
        self._bookmarks = bookmarks
        self._runner = runner

    def asset(self, caller: Caller, name: str, version: str) -> View:
        """Return the files of a version, of a bookmark where they are.

        Raises:
            DataAssetNotFoundError: there is no such asset or version.
            DataChangedError: the files of a bookmark are others now.
            StoredFileNotFoundError, StoreAccessError, StoreUnavailableError: they cannot be had.
        """
        record = self._data.record(caller.workspace_id, Reference(name=name, version=version))
        if is_bookmark(record.reference):
            return self._bookmarks.view(caller.workspace_id, record.reference, record.fingerprint)
        return local_view(self._data.files.path(caller.workspace_id, record.reference))

    def address(self, caller: Caller, uri: str) -> View:
        """Return what is at an address in a datastore: a file, or a folder with its first 10,000 files.

        Raises:
            InvalidInputError: it is none.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError, StoreRefusedError.
        """
        return self._bookmarks.view(caller.workspace_id, uri)

    def preview(self, view: View, *, limit: int, offset: int = 0, column_offset: int = 0) -> DataPreview:
        """Return `limit` rows from `offset` on, or the beginning of a text, or what files there are; only what that needs is read.

        Raises:
            DataError: the files cannot be looked at.
            DataLimitError: that takes too long or too much memory.
        """
        began = time.monotonic()
        findings = Findings()
        files, form = _chosen(view, findings)
        found = DataPreview(columns=(), rows=(), more=False, kind="files")
        if files:
            task = Task(files=_asked(files), form=form, limit=limit, offset=offset, column_offset=column_offset)
            found = self._runner.run(task, _reader(files), timeout_s=_PREVIEW_S).preview or found
        return replace(
            found,
            bytes=view.bytes,
            folder=described(view) if view.folder else None,
            findings=(*findings.all(), *found.findings),
            elapsed_ms=(time.monotonic() - began) * 1000,
        )

    def statistics(self, view: View, *, sample: int, column_offset: int = 0) -> DataStatistics:
        """Return statistics of columns over the first `sample` rows; 0: over all.

        Raises:
            DataError: there are no rows, or they cannot be read.
            DataLimitError: it takes too long or too much memory.
        """
        began = time.monotonic()
        findings = Findings()
        files, form = _chosen(view, findings)
        if not files or not (form.format or _suffix(files[0]) in ROW_FORMATS):
            raise DataError("There are no rows to make statistics of.", remedy=f"Files that hold rows: {', '.join(sorted(ROW_FORMATS))}.")
        task = Task(files=_asked(files), form=form, sample=sample, column_offset=column_offset, cpu_s=int(2 * _STATISTICS_S))
        found = self._runner.run(task, _reader(files), timeout_s=_STATISTICS_S).statistics
        if found is None:
            raise DataError("There are no statistics.")
        return replace(found, findings=(*findings.all(), *found.findings), elapsed_ms=(time.monotonic() - began) * 1000)

    def whole(self, caller: Caller, name: str, version: str) -> View:
        """Return the files of a version on this machine; those of a bookmark are fetched for it. Raises what `asset` does."""
        return local_view(self._data.path(caller.workspace_id, Reference(name=name, version=version)))

    def content(self, view: View, path: str, start: int, end: int) -> bytes:
        """Return the bytes of a file from `start` to before `end`: at most 32 MiB, fewer where it ends.

        Raises:
            DataError: there is no such file.
        """
        file = view.file(path)
        if file is None:
            raise DataError(f"There is no file {path[:200]!r} in it.", remedy="Name one of those that a preview lists.")
        return file.read(start, min(end, start + CONTENT_LIMIT))


def _suffix(file: ViewedFile) -> str:
    return PurePosixPath(file.name).suffix.lower()


def _asked(files: list[ViewedFile]) -> list[File]:
    return [File(file.name, file.size, None if file.path is None else str(file.path)) for file in files]


def _reader(files: list[ViewedFile]) -> Reader:
    return lambda number, start, end: files[number].read(start, end)


def _chosen(view: View, findings: Findings) -> tuple[list[ViewedFile], Form]:
    """Return the files that are looked into: of a folder those that hold rows, or the pictures, or the only one."""
    if not view.folder:
        return list(view.files), Form()
    table = read_mltable(view, findings)
    if table is not None and table.files:
        return table.files[:_MOST_FILES], table.form
    holding = [file for file in view.files if _suffix(file) in ROW_FORMATS and not PurePosixPath(file.name).name.startswith(".")]
    right = [file for file in holding if "/" not in file.name]
    if holding and not right:
        findings.add(
            "RowsBelow", "warning", "The files with rows are in folders of this folder; runs read those right in a folder only.",
            remedy="Make an asset of the folder that they are in.",
        )  # fmt: skip
    found = right or holding or [file for file in view.files if _suffix(file) in IMAGES]
    if len(found) > _MOST_FILES:
        findings.add("ManyFiles", "info", f"Of {len(found)} files the first {_MOST_FILES} are looked at.")
    return found[:_MOST_FILES] or (list(view.files) if len(view.files) == 1 else []), Form()
