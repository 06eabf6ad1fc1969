"""The small flows of `parity`, each run here against what prompt flow did with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from parity.cases import all_cases, recorded
from parity.compare import differences
from parity.echo_server import echo_server
from parity.ours import run_case


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with echo_server() as address:
        yield address


@pytest.mark.filterwarnings("ignore:careful")
@pytest.mark.parametrize("name", all_cases())
def test_as_prompt_flow_does(tmp_path: Path, server: str, name: str) -> None:
    case = all_cases()[name]
    assert differences(case, recorded()[name], run_case(case, tmp_path, server)) == []


def test_every_case_has_a_record_and_every_record_a_case() -> None:
    assert set(recorded()) == set(all_cases())
    assert len(all_cases()) > 700


def test_what_differs_on_purpose_says_why_and_differs() -> None:
    for name, case in all_cases().items():
        assert bool(case.better) == bool(case.ours), name
        if case.better:
            assert differences(case, recorded()[name], recorded()[name] | {"codes": recorded()[name].get("errors", [])[-1:]}), name
