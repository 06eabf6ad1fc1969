"""Guards of traces for tests."""

from collections.abc import Iterable

from flowyard.identity.model import Caller


class Withholding:
    """`tracing.guarding.Guards` that withholds the traces it is made with: none, unless it is told."""

    def __init__(self, *lacked: str) -> None:
        self._lacked = frozenset(lacked)

    def lacked(self, caller: Caller, trace_ids: Iterable[str | None]) -> frozenset[str]:
        """See `Guards.lacked`."""
        del caller
        return self._lacked & {trace_id for trace_id in trace_ids if trace_id}

    def all_lacked(self, caller: Caller) -> frozenset[str]:
        """See `Guards.all_lacked`."""
        del caller
        return self._lacked
