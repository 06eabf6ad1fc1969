"""The commands that a page of the documents prints, and how a test runs them as printed."""

import contextlib
import io
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from flowyard.cli.entry import main
from support.installation import FLOWYARD, Platform

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(page: str) -> str:
    """Return a page by its name below ``docs``."""
    return (DOCS / page).read_text(encoding="utf-8")


def printed_lines(page: str) -> list[str]:
    """Return every line of the blocks of `page` that is a command ``flowyard``, with its comment, in their order."""
    shell = [block for language, block in _BLOCK.findall(text_of(page)) if language in {"", "sh", "bash"}]
    return [line for block in shell for line in block.replace("\\\n", " ").splitlines() if line.startswith("flowyard ")]


def printed_calls(page: str) -> list[str]:
    """Return every ``curl`` of the shell blocks of `page`, in their order, as one writes it."""
    shell = [block for language, block in _BLOCK.findall(text_of(page)) if language in {"", "sh", "bash"}]
    return [line for block in shell for line in block.replace("\\\n", " ").splitlines() if line.startswith("curl ")]


def call_printed(platform: Platform, line: str) -> str:
    """Run a ``curl`` of a page in a shell that has the platform's address and key, and return what was answered."""
    environment = {**platform.environment, "FLOWYARD_URL": platform.url, "FLOWYARD_API_KEY": platform.api_key}
    command = ["bash", "-c", line.replace("curl ", "curl --silent --show-error --fail-with-body ", 1)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def words_of(line: str) -> tuple[str, ...]:
    """Return the words of a command behind ``flowyard``, without its comment."""
    return tuple(shlex.split(line, comments=True)[1:])


def printed_commands(page: str) -> list[tuple[str, ...]]:
    """Return the words of every command ``flowyard`` in the blocks of `page`, in their order."""
    return [words_of(line) for line in printed_lines(page)]


def run_apart(platform: Platform, folder: Path, words: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Run a command as `run_printed` does, in a process of its own: one that goes on in a flow's environment takes its process along."""
    environment = {**platform.environment, "HOME": str(folder)}
    words = _meant(folder, words, names)
    done = subprocess.run([FLOWYARD, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, f"flowyard {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run_printed(platform: Platform, folder: Path, words: tuple[str, ...], names: Mapping[str, str], *, ends_with: int = 0) -> str:
    """Run a command in `folder` as somebody whose home it is, and return what it printed.

    `names` are what a reader puts in the place of a page's examples, by what the page has; `ends_with` is an exit code besides 0 that
    the page tells of.
    """
    words = _meant(folder, words, names)
    out, errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()  # some commands write bytes
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        for name in [name for name in os.environ if name.startswith("FLOWYARD_")]:
            patch.delenv(name)
        for name in [name for name in platform.environment if name.startswith(("FLOWYARD_", "PYTHONPATH"))]:
            patch.setenv(name, platform.environment[name])
        patch.setenv("HOME", str(folder))
        patch.chdir(folder)
        with pytest.raises(SystemExit) as ended:
            main(list(words))
    out.seek(0)
    printed = out.read()
    assert (ended.value.code or 0) in {0, ends_with}, f"flowyard {shlex.join(words)}\n{printed}\n{errors.getvalue()}"
    return printed


def _meant(folder: Path, words: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    for printed, meant in names.items():
        words = tuple(word.replace(printed, meant) for word in words)
    return tuple(word.replace("~", str(folder), 1) if word.startswith("~/") else word for word in words)
