"""Steps carried out under a workspace's own user id, as root: ``python transform_apart.py HOME``. Prints the row that they make."""

import os
import sys
from pathlib import Path

from flowyard.compute.processes.users import FlowUsers
from flowyard.data.transforms.checks import numbered
from flowyard.data.transforms.reading import read_steps
from flowyard.data.transforms.running import Watch, Work, carry_out, open_plain
from flowyard.flows.environments.code import CodeProcesses
from flowyard.foundation.settings import read_settings

CODE = """import os
def look(row, path):
    try:
        row['secret'] = open(path).read()
    except OSError as error:
        row['secret'] = type(error).__name__
    return {**row, 'uid': os.getuid()}
"""


def main(home: Path) -> None:
    """Carry steps of all kinds out."""
    os.umask(0o077)
    home.mkdir(mode=0o711)
    users = FlowUsers(home, (61_000, 61_010))
    users.close()
    processes = CodeProcesses(read_settings({}, home=home), users)
    source, code, secret = home / "storage/uploads/w/a/rows.jsonl", home / "storage/uploads/w/b", home / "secret"
    for folder in (source.parent, code):
        folder.mkdir(parents=True)
    source.write_text('{"q":" a  b"}\n')
    (code / "look.py").write_text(CODE)
    secret.write_text("seen")
    scratch = home / "cache/transforms/job"
    scratch.mkdir(parents=True)
    user = processes.user("w", reads=(source, code), writes=scratch)
    step = {"python": {"function": "look.py:look", "arguments": {"path": str(secret)}}}
    steps = numbered(read_steps(["normalize", step, {"sql": "SELECT q, secret, uid FROM data"}]))
    watch = Watch(progress=lambda _step, _rows: None, log=lambda line: sys.stderr.write(f"{line}\n") and None, check=lambda: None)
    made = carry_out(Work(steps=steps, source=source, code=code, user=user), scratch, watch)
    with open_plain(made.file) as file:
        sys.stdout.write(file.read().decode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
