"""Steps of transforms, carried out in a folder of a test."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowyard.data.transforms.checks import numbered
from flowyard.data.transforms.reading import read_steps
from flowyard.data.transforms.running import Outcome, Watch, Work, carry_out

Row = dict[str, Any]


def lines(rows: list[Any]) -> str:
    """Return rows as JSON lines; texts stand as they are."""
    return "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)


@dataclass
class Bench:
    """A folder to carry steps out in. `log` and `progress` are what was told on the way."""

    folder: Path
    log: list[str] = field(default_factory=list)
    progress: list[tuple[str, int]] = field(default_factory=list)
    check: Callable[[], None] = lambda: None

    def code(self, **files: str) -> None:
        """Write files of code, by their names without the ending."""
        for name, text in files.items():
            (self.folder / "code").mkdir(exist_ok=True)
            (self.folder / "code" / f"{name}.py").write_text(text)

    def source(self, rows: list[Any]) -> Path:
        """Write rows as JSON lines."""
        file = self.folder / "rows.jsonl"
        file.write_text(lines(rows))
        return file

    def run(self, data: list[Any] | Path, *steps: Any, **options: Any) -> tuple[list[Row], Outcome]:
        """Carry steps out, and return the rows with what was done."""
        source = data if isinstance(data, Path) else self.source(data)
        scratch = self.folder / f"scratch-{len(list(self.folder.iterdir()))}"
        scratch.mkdir()
        watch = Watch(progress=lambda step, taken: self.progress.append((step, taken)), log=self.log.append, check=self.check)
        work = Work(steps=numbered(read_steps(list(steps))), source=source, code=self.folder / "code", **options)
        outcome = carry_out(work, scratch, watch)
        return [json.loads(line) for line in outcome.file.read_text().splitlines()], outcome
