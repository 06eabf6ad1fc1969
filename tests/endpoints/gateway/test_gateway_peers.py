"""Gateways behind one address: a scrape that reaches one of them tells of all."""

from pathlib import Path

import msgspec

from flowyard.endpoints.gateway.peers import PeerReports, Peers
from flowyard.monitoring import metrics
from flowyard.monitoring.metrics import Reading, Readings

NAMES = ("gateway", "gateway/2", "gateway/3")


def active(name: str, count: float) -> Readings:
    return {metrics.HTTP_ACTIVE.name: [Reading((name,), count)]}


def test_each_reads_what_the_others_told_last(tmp_path: Path) -> None:
    first, second, third = (Peers(tmp_path / "gateways", name, NAMES) for name in NAMES)
    assert first.others() == []
    first.tell(msgspec.json.encode(active("gateway", 1)))
    second.tell(msgspec.json.encode(active("gateway/2", 2)))
    second.tell(msgspec.json.encode(active("gateway/2", 3)))
    assert first.others() == [active("gateway/2", 3)]
    assert third.others() == [active("gateway", 1), active("gateway/2", 3)]


def test_a_damaged_file_hides_only_itself(tmp_path: Path) -> None:
    first, second, third = (Peers(tmp_path, name, NAMES) for name in NAMES)
    second.tell(b"{")
    third.tell(msgspec.json.encode(active("gateway/3", 1)))
    assert first.others() == [active("gateway/3", 1)]


def test_it_is_told_where_it_changed_and_again_where_it_was_not(tmp_path: Path) -> None:
    own, other = Peers(tmp_path, "gateway", NAMES), Peers(tmp_path, "gateway/2", NAMES)
    counted = 1.0
    reports = PeerReports(own, lambda: active("gateway", counted))

    def told() -> bool:
        news = reports.news()
        if news is not None:
            news()
        return news is not None

    assert told()
    assert not told()
    counted = 2.0
    assert told()
    assert other.others() == [active("gateway", 2)]
    reports.untold()
    assert told()
