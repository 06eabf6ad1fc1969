"""Values that a command takes from a file."""

from pathlib import Path

import pytest

from flowyard.cli.flow_test import words
from flowyard.cli.session import key_values
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.file_values import file_value


def test_a_value_is_itself_or_the_text_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "n.json").write_text("[1, 2]\n")
    (tmp_path / "text").write_text("one\n\ntwo\n\n")
    assert (file_value("a@b"), file_value("@@alice"), file_value(f"@{tmp_path}/text")) == (None, "@alice", "one\n\ntwo\n")
    pairs = [f"n=@{tmp_path}/n.json", "who=@@alice", "x=1"]
    assert key_values(pairs) == {"n": [1, 2], "who": "@alice", "x": 1}
    assert words(pairs) == {"n": "[1, 2]", "who": "@alice", "x": "1"}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00")
    for text, says in (("@nowhere", "No such file"), (f"@{tmp_path}", "Is a directory"), (f"@{tmp_path}/picture", "UTF-8")):
        with pytest.raises(InvalidInputError, match=says):
            file_value(text)
