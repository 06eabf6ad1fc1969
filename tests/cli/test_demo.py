"""The demo that answers from the program's own pages: what it is made of, and what is said when it cannot be made."""

from pathlib import Path

import pytest

from flowyard.cli.demo import begin_demo, pages_folder
from flowyard.foundation.credentials import Credentials, write_credentials


def test_its_pages_are_those_of_this_program() -> None:
    assert (pages_folder() / "indexes.md").read_text(encoding="utf-8").startswith("# Indexes of documents")


def test_a_platform_that_is_away_ends_it_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_credentials(tmp_path, Credentials(url="http://127.0.0.1:9", api_key="fyk_x", workspace="default"))
    begin_demo(tmp_path).join(60)
    said = capsys.readouterr().err
    assert "was not made" in said
    assert "flowyard index create documentation --data" in said
