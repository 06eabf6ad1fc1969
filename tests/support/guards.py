"""Guards of traces for tests."""

from collections.abc import Iterable, Mapping, Sequence

from flowyard.identity.model import Caller
from flowyard.tracing.guarding import Tags


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


class MemoryGuardStore:
    """`tracing.guarding.GuardStore` in memory, of one workspace."""

    def __init__(self) -> None:
        self.read: dict[str, frozenset[Tags]] = {}

    def add(self, workspace_id: str, read: Mapping[str, Iterable[Tags]], *, for_good: bool = False) -> None:
        """See `GuardStore.add`."""
        del workspace_id, for_good
        for trace_id, tags in read.items():
            self.read[trace_id] = self.read.get(trace_id, frozenset()) | frozenset(tags)

    def renew(self, workspace_id: str, trace_id: str) -> None:
        """See `GuardStore.renew`."""

    def of(self, workspace_id: str, trace_ids: Sequence[str]) -> dict[str, frozenset[Tags]]:
        """See `GuardStore.of`."""
        del workspace_id
        return {trace_id: self.read[trace_id] for trace_id in trace_ids if trace_id in self.read}

    def kinds(self, workspace_id: str) -> frozenset[Tags]:
        """See `GuardStore.kinds`."""
        del workspace_id
        return frozenset[Tags]().union(*self.read.values())

    def reading(self, workspace_id: str, tags: Iterable[Tags]) -> frozenset[str]:
        """See `GuardStore.reading`."""
        del workspace_id
        return frozenset(trace_id for trace_id, read in self.read.items() if read.intersection(tags))
