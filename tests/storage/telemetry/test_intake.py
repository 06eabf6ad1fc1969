"""What the indexer takes in is redacted by its workspace's policy, before anybody can see it."""

import logging
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import SQLAlchemyError

from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.telemetry_policies import SqlPolicyStore
from flowyard.storage.telemetry import intake
from flowyard.storage.telemetry.columns import rows_to_table
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.intake import NOT_REDACTED, Intake, sampled
from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.policy import PolicyRecord
from flowyard.tracing.rows import COLUMNS, decode_row, row_of, signal_row
from flowyard.tracing.signals import SIGNALS, LogRecord, Score, Signal
from flowyard.wire.telemetry_policy import RedactionRule
from support.spans import START_NS, make_span, spool, trace_id

MAIL = "alice@example.com"
KEY = "sk-proj-" + "a1B2c3D4" * 6
OWNER = Caller("w1", "w1", "olga", "user", "owner", "", "u1")


def redacting(*rules: RedactionRule, workspaces: tuple[str, ...] = ("w1",)) -> Intake:
    return Intake(lambda: {name: PolicyRecord(redact=rules) for name in workspaces})


def spans(*records: SpanRecord) -> Any:
    return rows_to_table("spans", [row_of(record) for record in records], COLUMNS, (None, "w1"))[0]


def records_of(taken: list[tuple[Signal, Any]]) -> list[SpanRecord]:
    return [decode_row(row) for _, table in taken for row in table.to_pylist()]


def opened(folder: Path, engine: Engine) -> Indexer:
    """Return an indexer that never writes a segment."""
    nowhere: Any = folder / "segments"
    return Indexer(engine, folder / "spools", nowhere, default_workspace="w1")


def test_a_policy_whose_reading_took_long_is_as_old_as_the_question() -> None:
    policies = {"w1": PolicyRecord(redact=("secrets",))}

    def read_slowly() -> dict[str, PolicyRecord]:
        found = dict(policies)
        policies["w1"] = PolicyRecord(redact=("email",))
        time.sleep(intake.KNOWN_S + 0.1)
        return found

    taking = Intake(read_slowly)
    taking.take([("spans", spans(make_span(1, 1)))])
    (record,) = records_of(taking.take([("spans", spans(make_span(1, 2, user_id=MAIL)))]))
    assert record.user_id == "[EMAIL]"


def test_every_text_of_a_span_is_redacted_and_nothing_else_is_changed() -> None:
    record = make_span(
        1,
        1,
        name=f"POST /users/{MAIL}",
        user_id=MAIL,
        status="error",
        status_message=f"no such user: {MAIL}",
        model="m",
        line=3,
        cost_micros=17,
        attributes={"flowyard.input": {"question": f"Who is {MAIL}?", "n": 12345678901234567, "f": 0.25}, "plain": "text"},
        events=[SpanEvent("exception", 5, {"exception.message": f"{MAIL} bounced"})],
    )
    clean = make_span(1, 2, attributes={"flowyard.input": {"question": "Who?"}})
    first, second = records_of(redacting("email").take([("spans", spans(record, clean))]))
    assert second == clean
    assert first == make_span(
        1,
        1,
        name="POST /users/[EMAIL]",
        user_id="[EMAIL]",
        status="error",
        status_message="no such user: [EMAIL]",
        model="m",
        line=3,
        cost_micros=17,
        attributes={"flowyard.input": {"question": "Who is [EMAIL]?", "n": 12345678901234567, "f": 0.25}, "plain": "text"},
        events=[SpanEvent("exception", 5, {"exception.message": "[EMAIL] bounced"})],
    )


def test_bodies_of_logs_and_labels_and_comments_of_scores_are_redacted() -> None:
    log = LogRecord(log_id="l1", at_ns=1, workspace_id="w1", body=f"mail to {MAIL}", attributes={"to": [MAIL]})
    score = Score(score_id="s1", at_ns=1, trace_id=trace_id(1), name="feedback", workspace_id="w1", label=MAIL, comment=f"ask {MAIL}")
    given: dict[Signal, LogRecord | Score] = {"logs": log, "scores": score}
    tables: list[tuple[Signal, Any]] = [
        (signal, rows_to_table(signal, [signal_row(record)], SIGNALS[signal].columns, (None, "w1"))[0]) for signal, record in given.items()
    ]
    (_, logs), (_, scores) = redacting("email").take(tables)
    assert logs["body"].to_pylist() == ["mail to [EMAIL]"]
    assert logs["attributes"].to_pylist() == ['{"to":["[EMAIL]"]}']
    assert (scores["label"].to_pylist(), scores["comment"].to_pylist()) == (["[EMAIL]"], ["ask [EMAIL]"])


def test_each_workspace_has_its_own_policy_and_others_redact_secrets() -> None:
    policies = {"w1": PolicyRecord(redact=("email",)), "w2": PolicyRecord(redact=())}
    told = f"{MAIL} {KEY}"
    table = spans(*(make_span(1, number, workspace_id=f"w{number}", status_message=told) for number in (1, 2, 3)))
    found = {record.workspace_id: record.status_message for record in records_of(Intake(lambda: policies).take([("spans", table)]))}
    assert found == {"w1": f"[EMAIL] {KEY}", "w2": told, "w3": f"{MAIL} [SECRET]"}


def test_without_a_policy_secrets_are_redacted_in_names_too() -> None:
    (record,) = records_of(Intake(dict).take([("spans", spans(make_span(1, 1, name=f"GET /?key={KEY}", user_id=MAIL)))]))
    assert (record.name, record.user_id) == ("GET /?key=[SECRET]", MAIL)


def test_what_cannot_be_redacted_is_not_kept(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    row = row_of(make_span(1, 1, status_message=MAIL))
    row[COLUMNS.index("attributes")] = b'{"broken": "alice@example.com'
    row[COLUMNS.index("events")] = ("[" * 100_000 + f'"{MAIL}"').encode()
    table, _ = rows_to_table("spans", [row], COLUMNS, (None, "w1"))
    with caplog.at_level(logging.ERROR):
        ((_, taken),) = redacting("email").take([("spans", table)])
    (kept,) = taken.to_pylist()
    assert MAIL not in str(kept)
    assert decode_row(kept).attributes == {"flowyard.redaction": NOT_REDACTED}
    assert decode_row(kept).events == []
    assert "attributes" in caplog.text
    assert MAIL not in caplog.text


def test_a_long_text_takes_no_more_than_its_share() -> None:
    """Texts that make patterns go back and forth: 400 kB of each in far less than the minute that a backtracking one would take."""
    parts = ("a.", "a@", "1 ", "12-", "a:", "sk-", "https://a", "-----BEGIN PRIVATE KEY-----", "password=", "eyJaaaaaaaaa.", "(0")
    table = spans(*(make_span(1, number, status_message=(part * 400_000)[:400_000]) for number, part in enumerate(parts, start=1)))
    begun = time.process_time()
    redacting("secrets", "email", "phone", "card", "iban", "ip_address", "us_ssn", "fr_nir", "br_cpf").take([("spans", table)])
    assert time.process_time() - begun < 60


def test_a_policy_that_cannot_be_read_lets_nothing_in(tmp_path: Path, engine: Engine) -> None:
    spool(tmp_path / "spools", [make_span(1, 1, status_message=KEY)])
    indexer = opened(tmp_path, engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE telemetry_policies RENAME TO away"))
    with pytest.raises(SQLAlchemyError):
        indexer.step()
    assert indexer.tail.rows == 0
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO telemetry_policies"))
    indexer.step()
    assert indexer.tail.of("w1")["status_message"].to_pylist() == ["[SECRET]"]


def test_a_new_policy_holds_within_a_second(tmp_path: Path, engine: Engine) -> None:
    store, indexer = SqlPolicyStore(engine), opened(tmp_path, engine)
    with engine.begin() as connection:
        connection.execute(insert(workspaces).values(id="w1", name="w1", display_name="w1", created_ns=1))
    spool(tmp_path / "spools", [make_span(1, 1, status_message=MAIL)])
    indexer.step()
    changes: list[tuple[RedactionRule, ...]] = [("email",), ()]
    for rules in changes:
        store.put("w1", PolicyRecord(redact=rules, updated_ns=1), audit_record(OWNER, "telemetry.set_policy", "telemetry/policy"))
        time.sleep(1)
        spool(tmp_path / "spools", [make_span(1, 2, status_message=MAIL)], name=new_id())
        indexer.step()
    assert indexer.tail.of("w1")["status_message"].to_pylist() == [MAIL, "[EMAIL]", MAIL]
    assert intake.KNOWN_S < 1


@given(st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=40), st.floats(0, 1), st.floats(0, 1))
def test_traces_are_sampled_whole_and_a_larger_share_has_the_smaller_in_it(ids: list[bytes], one: float, other: float) -> None:
    low, high = sorted((one, other))
    table = spans(*(make_span(int.from_bytes(raw, "big"), number, start_ns=START_NS) for raw in ids for number in (1, 2)))
    few, many = (Counter(sampled("spans", table, ratio)["trace_id"].to_pylist()) for ratio in (low, high))
    assert few <= many
    assert all(count == 2 * ids.count(bytes.fromhex(name)) for name, count in many.items())
    least = min(round((1 - high) * 2**56), 2**56 - 1)
    assert set(many) == {raw.hex() for raw in ids if high > 0 and int.from_bytes(raw[-7:], "big") >= least}


@pytest.mark.parametrize(("ratio", "share"), [(0.0, 0), (0.25, 500), (1.0, 2000)])
def test_about_the_share_of_traces_is_kept_and_what_is_of_none_stays(ratio: float, share: int) -> None:
    random = Random(7)
    table = spans(*(make_span(random.getrandbits(128), 1, start_ns=START_NS) for _ in range(2000)))
    assert abs(sampled("spans", table, ratio).num_rows - share) <= (60 if 0 < ratio < 1 else 0)
    logs = [LogRecord(log_id="a", at_ns=5, body="x"), LogRecord(log_id="b", at_ns=5, body="x", trace_id="0" * 32)]
    rows = rows_to_table("logs", [signal_row(log) for log in logs], SIGNALS["logs"].columns, ("w1", "w1"))[0]
    assert sampled("logs", rows, ratio)["log_id"].to_pylist() == (["a", "b"] if ratio == 1 else ["a"])
    score = Score(score_id="s", at_ns=5, trace_id="0" * 32, name="n", value=1.0)
    scores = rows_to_table("scores", [signal_row(score)], SIGNALS["scores"].columns, ("w1", "w1"))[0]
    assert sampled("scores", scores, ratio).num_rows == 1


def test_each_workspace_has_a_share_of_its_own() -> None:
    table = spans(make_span(5, 1), make_span(5, 2, workspace_id="w2"))
    taken = Intake(lambda: {"w2": PolicyRecord(sampling_ratio=0.0)}).take([("spans", table)])
    assert [record.workspace_id for record in records_of(taken)] == ["w1"]
