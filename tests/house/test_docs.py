"""The documents say what the code does: every setting and command is there, every link leads somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flowyard.foundation.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_every_setting_is_documented(variable: str) -> None:
    assert f"`{variable}`" in (ROOT / "docs/configuration.md").read_text(encoding="utf-8")


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    program = "import sys; sys.path.insert(0, 'scripts'); import commands; sys.stdout.write(commands.text())"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == (ROOT / "docs/commands.md").read_text(encoding="utf-8"), "run: python scripts/commands.py"


def test_every_command_has_an_example_and_json() -> None:
    table = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(flowyard [^`]+)` \| .*? \| (.*) \|$", table, re.MULTILINE)
    assert len(rows) > 30
    assert not [name for name, example in rows if not example]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:{]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target
