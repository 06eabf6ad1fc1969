import re
import subprocess
import sys
import time
import uuid

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.foundation.clock import from_rfc3339, now_ns, to_rfc3339
from flowyard.foundation.codecs import convert, decode, from_json, packed_list, to_json
from flowyard.foundation.errors import InvalidInputError, Location, NotFoundError, Problem, RemoteError, nearest
from flowyard.foundation.ids import new_id, new_secret, new_span_id, new_trace_id
from flowyard.foundation.references import Reference, parse_reference
from flowyard.foundation.settings import VARIABLES, read_settings
from flowyard.wire.identity import ApiKeyCreate


def test_ids_are_uuid7_and_sort_by_time() -> None:
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    assert first < second
    assert uuid.UUID(first).version == 7
    assert uuid.UUID(first).variant == uuid.RFC_4122


def test_trace_and_span_ids_are_hex_of_their_size() -> None:
    assert re.fullmatch("[0-9a-f]{32}", new_trace_id())
    assert re.fullmatch("[0-9a-f]{16}", new_span_id())


def test_span_ids_differ_and_a_forked_process_has_ids_of_its_own() -> None:
    assert len({new_span_id() for _ in range(1000)}) == 1000
    assert len({new_trace_id() for _ in range(1000)}) == 1000
    script = """
import os, sys
from flowyard.foundation.ids import new_span_id, new_trace_id
new_span_id(), new_trace_id()
child = os.fork()
sys.stdout.write(" ".join([*(new_span_id() for _ in range(100)), new_trace_id(), ""]))
sys.stdout.flush()
if child:
    os.waitpid(child, 0)
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert len(set(found)) == len(found) == 202


def test_secrets_carry_their_prefix_and_256_bits() -> None:
    assert re.fullmatch(r"fy_[A-Za-z0-9_-]{43}", new_secret("fy"))


@given(st.integers(min_value=0, max_value=4_000_000_000_000_000))
def test_times_survive_the_round_trip_to_microseconds(microseconds: int) -> None:
    ns = microseconds * 1000
    assert from_rfc3339(to_rfc3339(ns)) == ns


def test_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        from_rfc3339("2026-11-23T04:00:00")
    assert to_rfc3339(now_ns()).endswith("Z")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flowyard://team/models/llama/3", Reference(workspace="team", kind="models", name="llama", version="3")),
        ("models/llama", Reference(kind="models", name="llama", label="latest")),
        ("models/llama/3", Reference(kind="models", name="llama", version="3")),
        ("azureml:llama:3", Reference(kind="models", name="llama", version="3")),
        ("azureml:llama@production", Reference(kind="models", name="llama", label="production")),
    ],
)
def test_references_have_five_forms(text: str, expected: Reference) -> None:
    assert parse_reference(text, kind="models") == expected


@pytest.mark.parametrize("text", ["", "llama", "flowyard://team", "azureml:", "models/../etc", "a/b/c/d"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no reference"):
        parse_reference(text)


def test_problem_carries_code_place_and_remedy() -> None:
    error = NotFoundError("There is no model 'lama'.", remedy="Did you mean 'llama'?", location=Location(file="a.yaml", line=3))
    problem = error.problem("/models/lama")
    assert (problem.code, problem.status, problem.instance) == ("NotFound", 404, "/models/lama")
    assert str(error) == "a.yaml:3: There is no model 'lama'. Did you mean 'llama'?"
    again = RemoteError(decode(to_json(problem), Problem))
    assert again.problem() == problem


def test_nearest_name() -> None:
    assert nearest("conection", {"connection", "inputs"}) == "connection"
    assert nearest("zzz", {"connection", "inputs"}) is None


def test_misfit_says_where() -> None:
    with pytest.raises(InvalidInputError) as caught:
        convert({"name": "ci", "expires_in_days": "many"}, ApiKeyCreate)
    assert caught.value.location == Location(pointer="/expires_in_days")
    with pytest.raises(InvalidInputError, match="no JSON"):
        from_json(b"{")
    with pytest.raises(InvalidInputError, match="no JSON"):
        decode(b"\xff", ApiKeyCreate)


def test_settings_come_from_the_environment_and_the_option_wins(tmp_path) -> None:
    found = read_settings({"FLOWYARD_HOME": "/elsewhere", "FLOWYARD_URL": "http://host:1", "FLOWYARD_API_KEY": ""}, home=tmp_path)
    assert (found.home, found.url, found.api_key) == (tmp_path, "http://host:1", None)
    assert found.metadata_url == f"sqlite:///{tmp_path}/metadata.db"
    assert found.gateway_names == ("gateway",)
    assert read_settings({"FLOWYARD_GATEWAYS": "3"}).gateway_names == ("gateway", "gateway/2", "gateway/3")
    with pytest.raises(InvalidInputError, match="FLOWYARD_GATEWAYS is '65', and must be a whole number from 1 to 64"):
        read_settings({"FLOWYARD_GATEWAYS": "65"})
    with pytest.raises(InvalidInputError, match="FLOWYARD_ISOLATION"):
        read_settings({"FLOWYARD_ISOLATION": "vm"})
    assert read_settings({"FLOWYARD_STANDBY": "off"}).standby == "off"
    with pytest.raises(InvalidInputError, match="FLOWYARD_STANDBY is 'no', and must be 'on' or 'off'"):
        read_settings({"FLOWYARD_STANDBY": "no"})
    assert all(name.startswith("FLOWYARD_") for name in VARIABLES)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 65_535, 65_536])
def test_a_msgpack_list_is_put_together_from_items_that_are_msgpack(count: int) -> None:
    assert packed_list([msgspec.msgpack.encode(number) for number in range(count)]) == msgspec.msgpack.encode(list(range(count)))
