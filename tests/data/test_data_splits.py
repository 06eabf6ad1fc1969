"""Splits: the same parts everywhere, in the proportions that were asked for, and what is said where that cannot be."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowyard import Workspace
from flowyard.data.errors import DataError, RowError
from flowyard.data.splits.assigning import assign, order, quotas
from flowyard.data.splits.job import SplitJob
from flowyard.foundation.errors import RemoteError
from support.inline_jobs import run_inline


def test_the_order_of_rows_is_the_same_for_ever() -> None:
    # A change of these numbers would change every split that anybody does again.
    assert [int(number) for number in order(3, 7)] == [int(number) for number in order(10, 7)[:3]]
    assert [int(number) % 1000 for number in order(4, 7)] == GOLDEN
    assert not np.array_equal(order(4, 7), order(4, 8))
    assert "".join(map(str, assign(np.zeros(20, dtype=np.int64), (0.6, 0.2, 0.2), 7))) == PARTS


GOLDEN = [13, 1, 785, 800]
PARTS = "20001000000120210210"


@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=12),
    shares=st.lists(st.integers(1, 20), min_size=2, max_size=4),
    seed=st.integers(-(2**40), 2**40),
)
@settings(max_examples=150, deadline=None)
def test_strata_and_the_whole_come_out_as_asked(sizes: list[int], shares: list[int], seed: int) -> None:
    ratios = [share / sum(shares) for share in shares]
    given_ = quotas(sizes, ratios)
    for size, parts in zip(sizes, given_, strict=True):
        assert sum(parts) == size
        assert all(abs(rows - size * ratio) < len(ratios) for rows, ratio in zip(parts, ratios, strict=True))
    for part, ratio in enumerate(ratios):
        assert abs(sum(parts[part] for parts in given_) - sum(sizes) * ratio) < 2
    strata = np.repeat(np.arange(len(sizes)), sizes)
    found = assign(strata, ratios, seed)
    for stratum, parts in enumerate(given_):
        assert [int((found[strata == stratum] == part).sum()) for part in range(len(ratios))] == parts


def rows_file(path: Path, count: int = 100) -> Path:
    path.write_text("".join(json.dumps({"n": n, "label": "rare" if n % 10 == 0 else "often"}) + "\n" for n in range(count)))
    return path


def split(services: Any, ws: Workspace, *arguments: Any, **options: Any) -> dict[str, Any]:
    job = ws.data.split(*arguments, **options)
    return run_inline(services, SplitJob(services.data, services.settings.home / "making"), job.id)


def values(ws: Workspace, reference: str) -> list[dict[str, Any]]:
    name, version = reference.removeprefix("azureml:").split(":")
    return [row.values for row in ws.data.preview(name, version, limit=1000).rows]


def test_a_stratified_split_makes_assets_with_their_origin(services: Any, ws: Workspace, tmp_path: Path) -> None:
    ws.data.create("q", rows_file(tmp_path / "a.jsonl"))
    result = split(services, ws, "azureml:q@latest", [0.8, 0.1, 0.1], seed=7, stratify="label")
    assert [(part["data"], part["rows"]) for part in result["parts"]] == [
        ("azureml:q-train:1", 80), ("azureml:q-validation:1", 10), ("azureml:q-test:1", 10),
    ]  # fmt: skip
    assert result["parts"][1]["strata"] == {"often": 9, "rare": 1}
    parts = [values(ws, part["data"]) for part in result["parts"]]
    assert sorted(row["n"] for part in parts for row in part) == list(range(100))
    assert [row["n"] for row in parts[2]] == sorted(row["n"] for row in parts[2])
    assert Counter(row["label"] for row in parts[2]) == {"often": 9, "rare": 1}
    made = ws.data.get("q-train")
    assert (made.rows, made.origin["source"], made.origin["seed"], made.origin["ratios"]) == (80, "azureml:q:1", 7, [0.8, 0.1, 0.1])
    graph = ws.lineage.graph("data/q-train/1", direction="up")
    assert [(edge.source, edge.activity, edge.parameters["stratify"]) for edge in graph.edges] == [("data/q/1", "split", "label")]
    again = split(services, ws, "azureml:q:1", [0.8, 0.1, 0.1], seed=7, stratify="label")
    assert again["parts"][0]["data"] == "azureml:q-train:2"
    assert ws.data.get("q-train").fingerprint == made.fingerprint
    assert not list((services.settings.home / "making").iterdir())


def test_parquet_stays_parquet(services: Any, ws: Workspace, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"n": list(range(50)), "at": pa.array([1] * 50, pa.timestamp("us"))}), tmp_path / "a.parquet")
    ws.data.create("p", tmp_path / "a.parquet")
    result = split(services, ws, "azureml:p:1", [0.5, 0.5], ["one", "two"], seed=1)
    assert [(part["data"], part["rows"]) for part in result["parts"]] == [("azureml:one:1", 25), ("azureml:two:1", 25)]
    found = ws.data.preview("one")
    assert (found.format, [column.type for column in found.schema]) == ("parquet", ["int64", "timestamp[us]"])
    assert len({row["n"] for name in ("azureml:one:1", "azureml:two:1") for row in values(ws, name)}) == 50


def test_what_cannot_be_split_is_said(services: Any, ws: Workspace, tmp_path: Path) -> None:
    ws.data.create("q", rows_file(tmp_path / "a.jsonl"))
    for ratios, names in (([0.5, 0.6], None), ([1.0], None), ([0.5, 0.5], ["a"]), ([0.5, 0.5], ["a", "a"]), ([0.5, 0.5], ["a", "b/c"])):
        with pytest.raises(RemoteError) as caught:
            ws.data.split("azureml:q:1", ratios, names)
        assert caught.value.remote.code == "InvalidInput"
    with pytest.raises(RemoteError):
        ws.data.split("azureml:none:1", [0.5, 0.5])
    with pytest.raises(DataError, match="No row has a column 'nothing'"):
        split(services, ws, "azureml:q:1", [0.5, 0.5], stratify="nothing")
    (tmp_path / "bad.jsonl").write_text('{"a": 1}\n{"a": \n')
    ws.data.create("bad", tmp_path / "bad.jsonl")
    with pytest.raises(RowError, match="Line 2"):
        split(services, ws, "azureml:bad:1", [0.5, 0.5])
    assert [asset.name for asset in ws.data.list()] == ["bad", "q"]
