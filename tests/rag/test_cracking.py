"""Files to documents: every format that is read, and all that can be wrong with a file."""

import dataclasses
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from tests.support import document_files as files

from flowyard.rag.cracking import reading
from flowyard.rag.cracking.crackers import Cracker
from flowyard.rag.cracking.model import CrackLimits, CrackTask, Unread, Unreadable, UnreadableError
from flowyard.rag.cracking.structure import structure
from flowyard.rag.model import Document


@pytest.fixture(scope="module")
def cracker() -> Iterator[Cracker]:
    with Cracker(CrackLimits(bytes=2_000_000, unpacked_bytes=30_000_000)) as one:
        yield one


def read(cracker: Cracker, path: Path) -> Document:
    found = cracker.crack(CrackTask(path=str(path), key=path.name, fingerprint="f", metadata={"team": "a"}))
    assert isinstance(found, Document), found
    for page in found.pages:
        assert 0 <= page.stretch.start <= page.stretch.end <= len(found.text)
    return found


def of(document: Document, kind: str) -> list[str]:
    return [document.text[block.stretch.start : block.stretch.end] for block in document.blocks if block.kind == kind]


def titles(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in document.headings]


def test_word(cracker: Cracker, tmp_path: Path) -> None:
    parts = [("Heading1", "Report"), ("", "Sales grew — naïve café."), ("Heading2", "By region")]
    found = read(cracker, files.docx(tmp_path / "a.docx", parts, [["Region", "Sum"], ["North", "10"]]))
    assert titles(found) == [(1, "Report"), (2, "By region")]
    assert "Sales grew — naïve café." in found.text
    assert of(found, "table") == ["| Region | Sum |\n| --- | --- |\n| North | 10 |"]
    assert (found.title, found.metadata, found.fingerprint) == ("Report", {"team": "a"}, "f")


def test_slides_are_pages(cracker: Cracker, tmp_path: Path) -> None:
    found = read(cracker, files.pptx(tmp_path / "a.pptx", ["First thing", "Second thing"]))
    assert [found.text[page.stretch.start : page.stretch.end].strip("# \n") for page in found.pages] == ["First thing", "Second thing"]
    assert [page.number for page in found.pages] == [1, 2]


def test_sheets_are_pages_with_their_names(cracker: Cracker, tmp_path: Path) -> None:
    found = read(cracker, files.xlsx(tmp_path / "a.xlsx", {"People": [["name", "age"], ["Ann", "3"]], "Cities": [["city"], ["Rome"]]}))
    assert titles(found) == [(2, "People"), (2, "Cities")]
    assert [page.number for page in found.pages] == [1, 2]
    assert of(found, "table")[0] == "| name | age |\n| --- | --- |\n| Ann | 3 |"


def test_pdf_has_its_pages(cracker: Cracker, tmp_path: Path) -> None:
    found = read(cracker, files.pdf(tmp_path / "a.pdf", [["Words of page one."], ["Words of page two."], ["And of three."]]))
    assert [(page.number, found.text[page.stretch.start : page.stretch.end].strip()) for page in found.pages] == [
        (1, "Words of page one."),
        (2, "Words of page two."),
        (3, "And of three."),
    ]


def test_html_has_its_title_and_no_script(cracker: Cracker, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><head><title>The &amp; page</title><script>bad()</script></head><body><h1>Head</h1><p>One &lt;two&gt;.</p>"
        "<table><tr><th>a</th></tr><tr><td>1</td></tr></table><pre><code>def f(): pass</code></pre></body></html>"
    )
    found = read(cracker, page)
    assert (found.title, titles(found)) == ("The & page", [(1, "Head")])
    assert "bad()" not in found.text
    assert [block.kind for block in found.blocks] == ["table", "code"]


def test_mail(cracker: Cracker, tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: a@example.com\r\nTo: b@example.com\r\nSubject: Hello there\r\n\r\nThe body of it.\r\n")
    found = read(cracker, mail)
    assert found.title == "Hello there"
    assert "The body of it." in found.text
    assert "a@example.com" in found.text


@pytest.mark.parametrize(
    ("name", "given_text", "title", "wanted"),
    [
        ("a.md", "---\ntitle: 'Guide'\n---\n# One\ntext\n", "Guide", "# One\ntext\n"),
        ("b.md", "Title\n=====\n\ntext\r\nmore\n", "Title", "Title\n=====\n\ntext\nmore\n"),
        ("a.txt", "# no heading\n", "a.txt", "# no heading\n"),
        ("README", "plain\n", "README", "plain\n"),
        ("a.csv", 'a;b\n1;"x|y\nz"\n\n', "a.csv", "| a | b |\n| --- | --- |\n| 1 | x\\|y z |\n"),
        ("a.tsv", "a\tb\n1\n", "a.tsv", "| a | b |\n| --- | --- |\n| 1 |  |\n"),
        ("a.json", '{"b": ["é"]}', "a.json", '```json\n{\n  "b": [\n    "é"\n  ]\n}\n```\n'),
        ("a.jsonl", '{"a": 1}\n{"a": 2}\n', "a.jsonl", '```json\n{"a": 1}\n{"a": 2}\n```\n'),
        ("a.py", "x = '```'\n", "a.py", "````py\nx = '```'\n````\n"),
        ("run", "#!/bin/sh\nls\n", "run", "```\n#!/bin/sh\nls\n```\n"),
    ],
)
def test_texts(cracker: Cracker, tmp_path: Path, name: str, given_text: str, title: str, wanted: str) -> None:
    (tmp_path / name).write_text(given_text, newline="")
    found = read(cracker, tmp_path / name)
    assert (found.title, found.text) == (title, wanted)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(cracker: Cracker, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("Grüße, 5 € ok".encode(encoding))
    assert read(cracker, tmp_path / "a.txt").text == "Grüße, 5 € ok"


def _zip(path: Path, entries: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def _bad(folder: Path) -> dict[str, Unread]:
    """Write a file of each kind of trouble; return why each is left out."""
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "blank.md").write_bytes(b" \n\n")
    (folder / "garbage.pdf").write_bytes(b"%PDF-1.4 and nothing that follows")
    (folder / "called.pdf").write_bytes(b"just text")
    (folder / "cut.docx").write_bytes(files.docx(folder / "whole.zip", [("", "text")]).read_bytes()[:200])
    (folder / "archive.docx").write_bytes((folder / "whole.zip").read_bytes()[:-30])
    _zip(folder / "plain.zip", {"a.txt": b"text"})
    _zip(folder / "bomb.docx", {"word/document.xml": b"0" * 20_000_000})
    _zip(folder / "huge.docx", {f"word/{index}": bytes(range(256)) * 40_000 for index in range(4)})
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500)
    (folder / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500)
    (folder / "photo").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (folder / "binary.txt").write_bytes(b"text\0more")
    (folder / "wrong.json").write_text("{")
    (folder / "large.txt").write_bytes(b"x" * 2_000_001)
    (folder / "whole.zip").unlink()
    return {
        "empty.pdf": "empty",
        "blank.md": "empty",
        "garbage.pdf": "damaged",
        "called.pdf": "damaged",
        "cut.docx": "damaged",
        "archive.docx": "damaged",
        "plain.zip": "unknown_format",
        "bomb.docx": "too_large",
        "huge.docx": "too_large",
        "old.doc": "unknown_format",
        "locked.docx": "encrypted",
        "photo": "damaged",
        "binary.txt": "damaged",
        "wrong.json": "damaged",
        "large.txt": "too_large",
    }


def test_what_cannot_be_read_says_why_and_the_rest_goes_on(cracker: Cracker, tmp_path: Path) -> None:
    wanted = _bad(tmp_path)
    found = [cracker.crack(CrackTask(path=str(tmp_path / name), key=name, fingerprint="f")) for name in wanted]
    assert {one.key: one.why for one in found if isinstance(one, Unreadable)} == wanted
    assert all(one.message.endswith(".") for one in found if isinstance(one, Unreadable))
    (tmp_path / "good.md").write_text("# Still here")
    assert read(cracker, tmp_path / "good.md").title == "Still here"


def _scan(path: Path, *lines: str) -> Path:
    """Make a picture of text, as a scanner would."""
    picture = Image.new("RGB", (1000, 100 + 80 * len(lines)), "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 40 + 80 * number), line, font=ImageFont.load_default(size=40), fill="black")
    picture.save(path)
    return path


@pytest.mark.integration
def test_pictures_and_scans_are_read(cracker: Cracker, tmp_path: Path) -> None:
    for name, media_type in (
        ("page.pdf", "application/pdf"),
        ("page.png", "image/png"),
        ("page.jpg", "image/jpeg"),
        ("page.tiff", "image/tiff"),
    ):
        found = read(cracker, _scan(tmp_path / name, "The garage opens at seven", "and closes at eight."))
        assert (found.media_type, len(found.pages)) == (media_type, 1 if name == "page.pdf" else 0)
        assert " ".join(found.text.split()) == "The garage opens at seven and closes at eight."


@pytest.mark.integration
def test_a_pdf_that_is_cut_off_is_told_from_one_without_text(cracker: Cracker, tmp_path: Path) -> None:
    whole = _scan(tmp_path / "page.pdf").read_bytes()
    found: list[Document | Unreadable] = []
    for name, data in (("empty.pdf", whole), ("cut.pdf", whole[: whole.rindex(b"xref")])):
        (tmp_path / name).write_bytes(data)
        found.append(cracker.crack(CrackTask(path=str(tmp_path / name), key=name, fingerprint="f")))
    assert [one.why for one in found if isinstance(one, Unreadable)] == ["empty", "damaged"]


def test_a_pdf_without_its_end_is_not_taken_for_a_scan(cracker: Cracker, tmp_path: Path) -> None:
    whole = files.pdf(tmp_path / "whole.pdf", [["One page."], ["Another page."]]).read_bytes()
    for name, data in (("begun.pdf", whole[: whole.index(b"6 0 obj")]), ("head.pdf", whole[:60])):
        (tmp_path / name).write_bytes(data)
        found = cracker.crack(CrackTask(path=str(tmp_path / name), key=name, fingerprint="f"))
        assert isinstance(found, Unreadable)
        assert found.why == "damaged"
        assert found.message.startswith("The file is cut off: the end of the PDF is missing")


def test_without_the_extra_pictures_and_scans_say_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowyard.rag.cracking.packed.has_ocr", lambda: False)
    for name in ("page.pdf", "page.png"):
        task = CrackTask(path=str(_scan(tmp_path / name, "words")), key=name, fingerprint="f")
        with pytest.raises(UnreadableError, match=r"pip install 'flowyard\[ocr\]'") as refused:
            reading.read(task, CrackLimits())
        assert refused.value.why == "needs_ocr"


def test_a_file_named_as_another_is_read_as_what_it_is(cracker: Cracker, tmp_path: Path) -> None:
    files.pdf(tmp_path / "report.docx", [["Words of a page."]])
    assert read(cracker, tmp_path / "report.docx").media_type == "application/pdf"


def test_what_takes_too_long_is_ended_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Here")
    with Cracker(CrackLimits(seconds=0.0)) as hasty:
        slow = hasty.crack(CrackTask(path=str(tmp_path / "a.md"), key="a.md", fingerprint="f"))
        assert isinstance(slow, Unreadable)
        assert slow.why == "too_slow"
        hasty._limits = dataclasses.replace(hasty._limits, seconds=60.0)
        assert read(hasty, tmp_path / "a.md").title == "Here"


def test_a_process_that_dies_costs_one_file(cracker: Cracker, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Here")
    read(cracker, tmp_path / "a.md")
    assert cracker._process is not None
    cracker._process.kill()
    died = cracker.crack(CrackTask(path=str(tmp_path / "a.md"), key="a.md", fingerprint="f"))
    assert isinstance(died, Unreadable)
    assert died.why == "crashed"
    assert read(cracker, tmp_path / "a.md").title == "Here"


def test_a_files_memory_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"words " * 20_000_000)
    with Cracker(CrackLimits(memory_mib=64)) as small:
        found = small.crack(CrackTask(path=str(tmp_path / "a.txt"), key="a.txt", fingerprint="f"))
    assert isinstance(found, Unreadable)
    assert found.why in {"too_large", "crashed"}


@pytest.mark.parametrize(
    ("text", "headings", "blocks"),
    [
        ("# A #\ntext\n### *B* [c](d)\n", [(1, "A"), (3, "B c")], []),
        ("a\n---\n\nb\n===\n", [(2, "a"), (1, "b")], []),
        ("- item\n---\n", [], []),
        ("one\ntwo\n---\n", [], []),
        ("```\n# no\n| a | b |\n|---|---|\n```\n# yes", [(1, "yes")], ["code"]),
        ("~~~\nnever closed\n# no", [], ["code"]),
        ("a | b\n--|--\n1 | 2\n\ntext | more", [], ["table"]),
        ("#nospace\n#\n####### seven", [], []),
    ],
)
def test_structure(text: str, headings: list[tuple[int, str]], blocks: list[str]) -> None:
    found, parts = structure(text)
    assert [(one.level, one.title) for one in found] == headings
    assert [one.kind for one in parts] == blocks


@given(st.text(alphabet="#|-=`~ ab\n", max_size=200))
def test_structure_is_in_order_and_within_the_text(text: str) -> None:
    headings, blocks = structure(text)
    for group in (headings, blocks):
        edges = [edge for one in group for edge in (one.stretch.start, one.stretch.end)]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(text) for edge in edges)
