"""A run's file as somebody sees it who lacks access tags: the rows that read what they do not see have no values."""

from collections.abc import Callable
from pathlib import Path

from flowyard.flows.runs.damage import reading
from flowyard.flows.runs.store import RunStore

Opens = Callable[[Path], RunStore]
"""Opens a run's file for somebody: `RunStore` for whoever sees all of it."""

Hides = Callable[[int, str, str | None], bool]
"""Whether a row is withheld, by its line, its variant and its trace."""

_MASK = """
CREATE TEMP VIEW lines AS SELECT
  line, variant, status, iif(hidden, NULL, inputs) AS inputs, iif(hidden, '{}', outputs) AS outputs, iif(hidden, NULL, error) AS error,
  start_ns, duration_ns, trace_id, prompt_tokens, completion_tokens, cost_micros, unpriced,
  iif(hidden, NULL, reduce) AS reduce, iif(hidden, NULL, chunk) AS chunk, position
FROM (SELECT *, (line, variant) IN (SELECT line, variant FROM temp.withheld) AS hidden FROM main.lines)
"""


class SeenStore(RunStore):
    """A run's file, read as it is at one moment. Whatever looks into rows, by searching and sorting too, finds no value of withheld ones.

    Args:
        folder: the run's folder.
        look: asked once that moment is fixed, so that it knows all that is withheld of it; returns which rows are.
    """

    def __init__(self, folder: Path, look: Callable[[], Hides]) -> None:
        super().__init__(folder)
        with reading(folder):
            self._db.execute("BEGIN")
            rows = self._db.execute("SELECT line, variant, trace_id FROM lines").fetchall()
            hides = look()
            self._db.execute("CREATE TEMP TABLE withheld (line INTEGER, variant TEXT, PRIMARY KEY (line, variant)) WITHOUT ROWID")
            hidden = [(line, variant) for line, variant, trace_id in rows if hides(line, variant, trace_id)]
            self._db.executemany("INSERT INTO temp.withheld VALUES (?, ?)", hidden)
            self._db.execute(_MASK)
        self.withheld = len(hidden)
