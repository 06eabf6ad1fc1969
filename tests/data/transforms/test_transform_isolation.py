"""With ``FLOWYARD_ISOLATION=uid`` steps run as their workspace's user, who sees what they work on and nothing else of the home folder."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from support import transform_apart
from support.open_python import open_folder, open_python

pytestmark = [pytest.mark.integration, pytest.mark.skipif(os.getuid() != 0, reason="only root changes user ids")]


def test_steps_run_as_the_workspace_s_user() -> None:
    with open_folder() as folder:
        python = open_python(folder / "python")
        words = [python, str(Path(transform_apart.__file__)), str(folder / "home")]
        done = subprocess.run(words, capture_output=True, text=True, timeout=110, check=False)
        assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row["q"] == "a b"
    assert row["secret"] == "PermissionError"
    assert 61_000 <= row["uid"] <= 61_010
