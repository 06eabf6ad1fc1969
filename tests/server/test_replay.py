"""``Idempotency-Key``: work starts once, and whoever asks again gets the first answer."""

import threading
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from flowyard.identity.model import Caller
from flowyard.server.app import create_app
from flowyard.server.deps import allow
from flowyard.server.errors import MalformedRequestError

PATH = "/api/v1/workspaces/{workspace}/work"
ADDRESS = "/api/v1/workspaces/default/work"


class Work:
    """Counts how often it was started."""

    def __init__(self) -> None:
        self.started = 0
        self.fails = False
        self.gate: threading.Event | None = None
        self.entered = threading.Event()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def app(services: Any, work: Work) -> FastAPI:
    made = create_app(services)

    @made.post(PATH, status_code=202)
    def start(caller: Annotated[Caller, allow("jobs:write", starts_work=True)], body: dict[str, int]) -> dict[str, int]:
        work.started += 1
        work.entered.set()
        if work.gate:
            assert work.gate.wait(20)
        if work.fails:
            raise MalformedRequestError("not now")
        return {"number": work.started, **body}

    return made


def test_the_same_key_starts_once_and_gets_the_same_answer(app: FastAPI, work: Work, owner: dict[str, str]) -> None:
    with TestClient(app) as client:
        answers = [client.post(ADDRESS, json={"a": 1}, headers=owner | {"Idempotency-Key": "one"}) for _ in range(3)]
        other = client.post(ADDRESS, json={"a": 1}, headers=owner | {"Idempotency-Key": "two"})
        without = [client.post(ADDRESS, json={"a": 1}, headers=owner) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    assert (other.json()["number"], [answer.json()["number"] for answer in without]) == (2, [3, 4])


def test_another_request_with_the_same_key_is_refused(app: FastAPI, work: Work, owner: dict[str, str]) -> None:
    with TestClient(app) as client:
        client.post(ADDRESS, json={"a": 1}, headers=owner | {"Idempotency-Key": "one"})
        refused = client.post(ADDRESS, json={"a": 2}, headers=owner | {"Idempotency-Key": "one"})
    assert refused.status_code == 422
    assert refused.json()["code"] == "IdempotencyKeyReused"
    assert work.started == 1


@pytest.mark.parametrize("way", ["problem", "crash"])
def test_what_failed_can_be_tried_again(app: FastAPI, work: Work, owner: dict[str, str], way: str) -> None:
    work.fails = way == "problem"
    with TestClient(app) as client:
        if way == "crash":
            work.gate = threading.Event()
            work.gate.wait = lambda timeout: False  # type: ignore[method-assign]
        first = client.post(ADDRESS, json={"a": 1}, headers=owner | {"Idempotency-Key": "one"})
        work.fails, work.gate = False, None
        again = client.post(ADDRESS, json={"a": 1}, headers=owner | {"Idempotency-Key": "one"})
    assert first.status_code == (400 if way == "problem" else 500)
    assert again.status_code == 202
    assert work.started == 2


def test_the_second_while_the_first_is_in_progress_is_told_so(app: FastAPI, work: Work, owner: dict[str, str]) -> None:
    work.gate = threading.Event()
    headers = owner | {"Idempotency-Key": "one"}
    with TestClient(app) as client:
        answers: list[Any] = []
        first = threading.Thread(target=lambda: answers.append(client.post(ADDRESS, json={}, headers=headers)))
        first.start()
        assert work.entered.wait(20)
        second = client.post(ADDRESS, json={}, headers=headers)
        work.gate.set()
        first.join(20)
    assert second.status_code == 409
    assert second.json()["code"] == "IdempotencyInProgress"
    assert answers[0].status_code == 202
    assert work.started == 1


def test_who_has_no_right_gets_no_kept_answer(app: FastAPI, owner: dict[str, str]) -> None:
    with TestClient(app) as client:
        client.post(ADDRESS, json={}, headers=owner | {"Idempotency-Key": "one"})
        assert client.post(ADDRESS, json={}, headers={"Idempotency-Key": "one"}).status_code == 401
        assert client.post(ADDRESS, json={}, headers=owner | {"Idempotency-Key": "x" * 201}).status_code == 422
