"""``flowyard trace facets``: which values traces have, and how many traces have each."""

from typing import Annotated, Any

import typer

from flowyard.cli.output import AsJson, counted, emit, emit_table, note
from flowyard.cli.session import workspace
from flowyard.cli.trace_filter import chooses_traces


@chooses_traces()
def list_facets(
    facet: Annotated[
        list[str] | None, typer.Argument(help="Fields of searches, score, score.NAME or attr.NAME; without, the usual ones.")
    ] = None,
    *,
    find: Annotated[str, typer.Option(help="Only values that contain this.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many values of each, the most frequent first.")] = 20,
    where: Any,
    as_json: AsJson = False,
) -> None:
    """Count traces by the values of their fields: models, users, errors, scores and others.

    Each value comes with the search for just these traces: flowyard trace list --q.

    Example: flowyard trace facets model user --q status:error --since 24h
    """
    found = workspace().traces.facets(facet=facet or (), find=find, limit=limit, **where)
    if as_json:
        emit(found, as_json=True)
        return
    rows = [(one.field, value.value, value.traces, value.group, value.q) for one in found.facets for value in one.values]
    emit_table(rows, as_json=False, columns=("field", "value", "traces", "of", "search"), rows=rows, empty="No trace has any of these.")
    if found.counted_from is not None:
        note(f"These are the newest {counted(found.traces, 'trace')}, which began after {found.counted_from}.")
