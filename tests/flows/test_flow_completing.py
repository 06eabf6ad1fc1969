"""What goes on at a place in Python code, what a name there is, and what a call there takes."""

from pathlib import Path

import pytest

from flowyard.flows.nodes import completing
from flowyard.flows.nodes.completing import ITEMS, TEXT_LIMIT, WAYS, completions, explanation, signatures
from flowyard.wire.flow_editing import CodePlace, Completions, Explanation, Signature, Signatures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wording.py").write_text('def shorten(text: str, most: int = 10) -> str:\n    """Cut a text."""\n    return text[:most]\n')
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "deep.py").write_text("DEPTH = 3\n")
    return tmp_path


def _at_end(text: str, path: str = "tool.py") -> CodePlace:
    lines = text.split("\n")
    return CodePlace(path=path, text=text, line=len(lines), column=len(lines[-1]))


def _names(folder: Path, text: str, path: str = "tool.py") -> list[str]:
    return [it.name for it in completions(folder, _at_end(text, path)).items]


def test_names_come_from_the_text_the_flow_python_and_packages(folder: Path) -> None:
    assert _names(folder, "def tidy(text): ...\n\nti")[0] == "tidy"
    assert "shorten" in _names(folder, "import wording\n\nwording.")
    assert _names(folder, "import wording\n\nwording.", "inner/tool.py") == ["shorten"]
    assert _names(folder, "from inner.deep import DE") == ["DEPTH"]
    assert "loads" in _names(folder, "import json\njson.lo")
    assert "Struct" in _names(folder, "import msgspec\nmsgspec.St")
    kinds = {it.name: it.kind for it in completions(folder, _at_end("import wording\nwording.sh")).items}
    assert kinds == {"shorten": "function"}


def test_names_with_an_underscore_come_where_one_was_typed(folder: Path) -> None:
    assert not [name for name in _names(folder, "x = 'a'\nx.") if name.startswith("_")]
    assert "__class__" in _names(folder, "x = 'a'\nx.__cl")


def test_a_name_is_explained(folder: Path) -> None:
    text = "import wording\n\nwording.shorten('a')"
    found = explanation(folder, CodePlace(path="tool.py", text=text, line=3, column=10))
    assert found == Explanation(
        name="wording.shorten", kind="function", signature="shorten(text: str, most: int=10) -> str", doc="Cut a text."
    )
    assert explanation(folder, CodePlace(path="tool.py", text="\n\n", line=1, column=0)) == Explanation()


def _parts(folder: Path, text: str) -> list[tuple[str, str, str]]:
    return [(it.before, it.current, it.after) for it in signatures(folder, _at_end(text)).items]


def test_a_call_says_what_it_takes_and_which_of_it_is_given(folder: Path) -> None:
    called = "import wording\n\nwording.shorten"
    assert signatures(folder, _at_end(called + "(")) == Signatures(
        items=(Signature(before="shorten(", current="text: str", after=", most: int=10) -> str", doc="Cut a text."),)
    )
    assert _parts(folder, called + "('a', ") == [("shorten(text: str, ", "most: int=10", ") -> str")]
    assert _parts(folder, called + "(most=")[0][1] == "most: int=10"
    assert _parts(folder, called + "('a', 1, ") == [("shorten(text: str, most: int=10) -> str", "", "")]
    assert signatures(folder, _at_end(called)) == Signatures()
    starred = "def f(a, /, aa, *, b=1, **rest): ...\n\n"
    given = {"f(": "a", "f(1, ": "aa", "f(1, 2, b=": "b=1", "f(1, 2, c=": "**rest"}
    assert {call: _parts(folder, starred + call)[0][1] for call in given} == given
    assert _parts(folder, "class Cut:\n    def __init__(self, most: int): ...\n\nCut(") == [("Cut(", "most: int", ")")]
    assert len(_parts(folder, "open(")) == WAYS


def test_there_is_nothing_where_nothing_can_be_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert completions(folder, CodePlace(path="tool.py", text="a", line=7, column=99)) == Completions()
    assert completions(folder, _at_end("x = 1\n" * TEXT_LIMIT + "x")) == Completions()
    assert len(completions(folder, _at_end("\n".join(f"name_{index} = 1" for index in range(ITEMS + 50)) + "\nname_")).items) == ITEMS
    monkeypatch.setattr(completing, "_jedi", lambda: None)
    assert completions(folder, _at_end("import json\njson.")) == Completions()
    assert signatures(folder, _at_end("print(")) == Signatures()


def test_the_code_is_not_run(folder: Path) -> None:
    (folder / "loud.py").write_text("from pathlib import Path\nPath(__file__).with_name('ran').touch()\nVALUE = 1\n")
    assert _names(folder, "import loud\nloud.VA") == ["VALUE"]
    assert not (folder / "ran").exists()
