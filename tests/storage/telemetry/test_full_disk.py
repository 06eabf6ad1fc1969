"""A disk that is really full: 507, nothing lost that was acknowledged, nothing corrupt, and all goes on by itself once there is room."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]


@pytest.mark.integration
@pytest.mark.parametrize("left", [20_000, 300_000, 2_000_000])
def test_a_full_disk_loses_nothing_and_recovers_by_itself(tmp_path: Path, sqlite_template: Path, left: int) -> None:
    (tmp_path / "disk").mkdir()
    alone = [] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    command = [*alone, sys.executable, "-m", "support.full_disk", str(tmp_path / "disk"), str(sqlite_template), str(left)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    assert told["statuses"] == [200, 507]
    assert told["after"] == [200, 200]
    assert told["there"] == told["acknowledged"]
    assert told["made"] == list(range(1, 101))
    assert told["rows"] == len(told["there"]) + 100
    assert (told["database"], told["findings"]) == ("ok", [])
