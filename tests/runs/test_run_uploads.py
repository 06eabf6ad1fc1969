"""Data on its way to a server and kept there: what is packed, what is refused, how it is named."""

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

from flowyard.data.errors import DataError
from flowyard.flows.errors import TooLargeError, UnsafePathError
from flowyard.flows.runs.errors import UploadNotFoundError
from flowyard.flows.runs.packing import archive_of, files_of
from flowyard.flows.runs.uploads import UploadStore
from flowyard.foundation.errors import FlowyardError, InvalidInputError


def archive(**files: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def keep(store: UploadStore, data: bytes, name: str | None = None) -> str:
    with store.begin("w1") as incoming:
        for start in range(0, len(data), 7):
            incoming.write(data[start : start + 7])
        return (incoming.keep_file(name) if name is not None else incoming.keep_archive()).reference


def test_a_file_is_named_by_its_content_and_kept_once(tmp_path: Path) -> None:
    store = UploadStore(tmp_path)
    reference = keep(store, b'{"a": 1}\n', "rows.jsonl")
    assert keep(store, b'{"a": 1}\n', "rows.jsonl") == reference
    assert keep(store, b'{"a": 2}\n', "rows.jsonl") != reference
    path = store.path("w1", reference)
    assert (path.name, path.read_bytes()) == ("rows.jsonl", b'{"a": 1}\n')
    assert len([folder for folder in (tmp_path / "w1").iterdir() if folder.name.startswith(".")]) == 0


def test_an_archive_is_a_folder_and_files_in_it_have_names(tmp_path: Path) -> None:
    store = UploadStore(tmp_path)
    reference = keep(store, archive(**{"rows.jsonl": "{}", "images/a.png": "x"}))
    assert sorted(item.name for item in store.path("w1", reference).iterdir()) == ["images", "rows.jsonl"]
    assert store.path("w1", f"{reference}/rows.jsonl").read_text() == "{}"
    with pytest.raises(UploadNotFoundError):
        store.path("w1", f"{reference}/absent.jsonl")
    with pytest.raises(UnsafePathError):
        store.path("w1", f"{reference}/../../secret")


@pytest.mark.parametrize("reference", ["upload:", "upload:abc", "upload:" + "0" * 64, "upload:..", "x"])
def test_an_upload_of_another_workspace_or_none_is_not_there(tmp_path: Path, reference: str) -> None:
    store = UploadStore(tmp_path)
    mine = keep(store, b"x", "rows.csv")
    for workspace, name in (("w1", reference), ("w2", mine)):
        with pytest.raises(UploadNotFoundError):
            store.path(workspace, name)


def _link() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "/etc/passwd")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", InvalidInputError),
        (b"no archive", InvalidInputError),
        (archive(), InvalidInputError),
        (archive(**{"../out": "x"}), UnsafePathError),
        (archive(**{"/out": "x"}), UnsafePathError),
        (archive(**{"a": "x", "a/b": "y"}), InvalidInputError),
        (archive(big="x" * 3000), TooLargeError),
        (_link(), UnsafePathError),
    ],
)
def test_archives_that_are_refused_leave_nothing(tmp_path: Path, data: bytes, error: type[FlowyardError]) -> None:
    with pytest.raises(error):
        keep(UploadStore(tmp_path / "uploads", limit=2000), data)
    assert list((tmp_path / "uploads/w1").iterdir()) == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["../x", "a/b", "", "..", "a\\b", "a\nb"])
def test_names_of_files_that_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafePathError):
        keep(UploadStore(tmp_path), b"x", name)


def test_what_is_sent_of_a_file_and_of_a_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "rows.csv").write_text("a,b\n1,2\n")
    (data / ".git").mkdir()
    (data / ".git/config").write_text("x")
    assert files_of(data / "rows.csv") == files_of(data) == ([("rows.csv", data / "rows.csv")], None)
    with archive_of(files_of(data)[0]) as body, zipfile.ZipFile(body) as made:
        assert {name: made.read(name) for name in made.namelist()} == {"rows.csv": b"a,b\n1,2\n"}
    with pytest.raises(DataError):
        files_of(data / "absent.csv")


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv"])
def test_images_that_rows_name_come_along_and_nothing_from_outside(tmp_path: Path, kind: str) -> None:
    data = tmp_path / "data"
    (data / "images").mkdir(parents=True)
    for name in ("images/a.png", "images/b.png", "images/unused.png", "../secret.png"):
        (data / name).write_text("x")
    basic = {"data:image/png;path": "images/a.png"}
    vision = [{"type": "image_file", "image_file": {"path": "images/b.png"}}, {"data:image/png;path": "../secret.png"}]
    rows = [{"image": basic, "more": {"url": "images/unused.png"}}, {"image": vision, "more": 1}]
    file = data / f"rows.{kind}"
    if kind == "csv":
        cells = [json.dumps(row["image"]).replace('"', '""') for row in rows]
        file.write_text("image\n" + "".join(f'"{cell}"\n' for cell in cells))
    else:
        file.write_text(json.dumps(rows) if kind == "json" else "".join(json.dumps(row) + "\n" for row in rows))
    files, named = files_of(file)
    assert ([name for name, _ in files], named) == ([file.name, "images/a.png", "images/b.png"], file.name)
