"""What somebody does in the studio with telemetry, in a real browser: find a span, compare, replay, ask in SQL, set the policy."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.browser import browser_page
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(300)]

OLD, NEW = "a" * 32, "b" * 32


def span(trace_id: str, number: int, name: str, *, failed: bool = False, **texts: str) -> dict[str, Any]:
    """Return an OTLP span of a tenth of a second, the first of its trace the parent of the others."""
    begin = time.time_ns() - 10**10 + number * 10**8
    attributes = {name.replace("__", "."): {"stringValue": text} for name, text in texts.items()}
    return {
        "traceId": trace_id,
        "spanId": f"{number + 1:016x}",
        **({"parentSpanId": f"{1:016x}"} if number else {}),
        "name": name,
        "startTimeUnixNano": str(begin),
        "endTimeUnixNano": str(begin + (10**9 if number == 0 else 10**8)),
        "attributes": [{"key": key, "value": value} for key, value in attributes.items()],
        "status": {"code": 2, "message": "no quota"} if failed else {},
    }


def message(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}])


def trace(trace_id: str, answer: str) -> list[dict[str, Any]]:
    call = {
        "gen_ai__operation__name": "chat",
        "gen_ai__request__model": "absent-model",
        "gen_ai__input__messages": message("user", "What is the capital of France?"),
        "gen_ai__output__messages": message("assistant", answer),
    }
    return [
        span(trace_id, 0, "POST /ask", http__request__method="POST"),
        span(trace_id, 1, "retrieve", input__value="France", output__value="Paris is in France"),
        span(trace_id, 2, "chat absent-model", **call),
        span(trace_id, 3, "charge", failed=True),
    ]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with Platform.up(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("no-models")) as running:
        spans = [*trace(OLD, "Paris, I think."), *trace(NEW, "It is Paris.")]
        assert running.request("POST", "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).status == 200
        eventually(lambda: running.request("GET", f"/api/v1/workspaces/default/traces/{NEW}").status == 200)
        yield running


@pytest.fixture(scope="module")
def page(installation: Platform) -> Iterator[Page]:
    with browser_page(installation.sign_in_url, refused=("/v1/chat/completions", "/logs/query")) as opened:
        yield opened


def test_a_trace_opens_on_what_was_said_and_is_searched_and_zoomed(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/traces/{OLD}")
    selected = page.locator("[role=treeitem][aria-selected=true]")
    expect(selected).to_contain_text("retrieve")
    page.get_by_role("tree").focus()
    page.keyboard.press("e")
    expect(selected).to_contain_text("charge")
    expect(page.get_by_text("no quota")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("i think")
    expect(page.get_by_role("status").filter(has_text="of 1")).to_be_visible()
    page.keyboard.press("Enter")
    expect(selected).to_contain_text("chat absent-model")
    marks = page.get_by_role("tree").bounding_box()
    assert marks is not None
    page.mouse.move(marks["x"] + marks["width"] * 0.8, marks["y"] + 60)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.get_by_label("Time in sight")).to_be_visible()
    page.get_by_role("button", name="Show the whole trace").click()
    expect(page.get_by_label("Time in sight")).to_have_count(0)


def test_two_traces_of_the_list_are_compared(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/traces")
    boxes = page.get_by_role("table").get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    for box in boxes.all()[1:]:
        box.check()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("option")).to_have_count(4)
    expect(page.get_by_role("option", selected=True)).to_contain_text("chat absent-model")
    expect(page.get_by_text("They differ.")).to_be_visible()
    expect(page.locator(".cm-content")).to_have_count(2)


def test_a_call_is_replayed_from_its_span(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/traces/{OLD}?span={3:016x}")
    page.get_by_role("link", name="Replay").click()
    expect(page.get_by_role("textbox", name="Message 1")).to_have_value("What is the capital of France?")
    expect(page.get_by_text("Paris, I think.")).to_be_visible()
    expect(page.get_by_text("It ran on absent-model")).to_be_visible()
    page.get_by_label("Model", exact=True).first.fill("absent-model")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("absent-model")


def test_sql_says_where_it_is_wrong_and_comes_as_a_file(installation: Platform, page: Page) -> None:
    def run(sql: str) -> None:
        page.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(sql)
        page.keyboard.press("Control+Enter")

    page.goto(f"{installation.url}/w/default/logs")
    run("SELECT no_such FROM spans")
    expect(page.get_by_role("alert")).to_contain_text("at 1:8")
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    run("SELECT kind, count(*) AS spans FROM spans GROUP BY 1 ")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Parquet").click()
    assert download.value.path().read_bytes()[:4] == b"PAR1"


def test_the_policy_is_tried_and_set(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/telemetry/policy")
    page.get_by_role("checkbox", name="email").check()
    expect(page.get_by_label("As it would be kept")).to_contain_text("Write to [EMAIL]")
    page.get_by_role("textbox", name="Days that spans are kept").fill("30")
    expect(page.get_by_role("alert")).to_contain_text("Traces older than 30 days are deleted")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("checkbox", name="email")).to_be_checked()
