"""Endpoints and the gateway in the studio, in a real browser, on a real installation with a scripted model."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from support.accessibility import check_accessible
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(300)]

SCRIPT = "answers: [It is sunny.]"
WORKSPACE = "/api/v1/workspaces/default"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with Platform.up(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("no-models")) as running:
        connection = {"name": "script", "type": "scripted", "configs": {"script": SCRIPT}, "secrets": {}}
        assert running.request("POST", f"{WORKSPACE}/connections", connection).status == 201
        yield running


def deploy(page: Page) -> None:
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_role("link", name="Test the endpoint").click(timeout=90_000)
    expect(page.get_by_role("heading", name="support")).to_be_visible()


def test_the_wizard_deploys_a_flow_within_bounds_and_the_test_panel_streams_its_answer(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/endpoints")
    expect(page.get_by_role("heading", name="No endpoints yet")).to_be_visible()
    check_accessible(page)
    page.get_by_role("link", name="Deploy", exact=True).click()
    expect(page.get_by_role("button", name="Deploy", exact=True)).to_have_attribute("aria-description", "Choose what to deploy.")
    page.get_by_role("combobox", name="Flow").fill("demo-python")
    page.get_by_role("option", name="demo-python").click()
    expect(page.get_by_role("list", name="Checks")).to_contain_text("The flow has no errors.")
    page.get_by_role("textbox", name="Endpoint").fill("support")
    page.get_by_role("textbox", name="Request timeout").fill("30000")
    page.get_by_text("deployment.yml", exact=True).first.click()
    expect(page.get_by_text("request_timeout_ms: 30000")).to_be_visible()
    check_accessible(page)
    deploy(page)

    page.get_by_role("textbox", name="text").fill("a quick brown fox")
    expect(page.get_by_role("switch", name="Stream the answer")).to_be_checked()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("200 OK")).to_be_visible()
    answer = page.get_by_role("complementary", name="Answer")
    expect(answer.get_by_role("heading", name="words")).to_be_visible()
    expect(answer).to_contain_text("deployment blue")


def test_traffic_moves_by_sliders_and_copies_are_sent(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/endpoints/support")
    page.get_by_role("link", name="Add deployment").first.click()
    page.get_by_role("combobox", name="Flow").fill("demo-python")
    page.get_by_role("option", name="demo-python").click()
    expect(page.get_by_role("textbox", name="Deployment")).to_have_value("green")
    expect(page.get_by_text("The traffic stays as it is (blue 100 %)")).to_be_visible()
    deploy(page)
    page.get_by_role("tab", name="Details").click()
    mirror = page.get_by_role("region", name="Mirrored traffic")
    mirror.get_by_role("combobox").click()
    page.get_by_role("option", name="green").click()
    mirror.get_by_role("button", name="Save mirroring").click()
    expect(mirror.get_by_role("link", name="Its answers")).to_be_visible()
    mirror.get_by_role("combobox").click()
    page.get_by_role("option", name="green").click()
    mirror.get_by_role("button", name="Save mirroring").click()
    expect(mirror.get_by_role("link", name="Its answers")).to_have_count(0)

    page.get_by_role("slider", name="Share of green").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("textbox", name="Share of blue in per cent")).to_have_value("80 %")
    page.get_by_role("button", name="Save traffic").click()
    expect(page.get_by_role("region", name="Deployment green")).to_contain_text("20 % of traffic")
    check_accessible(page)
    found = installation.request("GET", f"{WORKSPACE}/endpoints/support").json()
    assert (found["traffic"], found["mirror_traffic"]) == ({"blue": 80, "green": 20}, {})


def test_a_new_revision_is_compared_and_rolled_back(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/deploy?flow=demo-python&endpoint=support")
    page.get_by_role("textbox", name="Deployment").fill("blue")
    expect(page.get_by_text("it is replaced, and keeps its traffic")).to_be_visible()
    page.get_by_role("textbox", name="Environment variables").fill("LOG_LEVEL=debug")
    deploy(page)
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Revision 1").click()
    expect(page.get_by_text("Revision 1 beside revision 2, which serves")).to_be_visible()
    expect(page.locator(".cm-content").first).to_contain_text("LOG_LEVEL")
    check_accessible(page)
    page.get_by_role("button", name="Roll back to this").click()
    expect(page.get_by_role("dialog").get_by_text("Completed")).to_be_visible(timeout=90_000)
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("button", name=re.compile("Revision 3.*Serves"))).to_be_visible()
    expect(page.get_by_role("button", name="Revision 2")).not_to_contain_text("Serves")


def test_the_endpoints_key_is_shown_once_and_opens_it(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/endpoints/support?tab=keys")
    page.get_by_role("button", name="Make it: the primary key").click()
    secret = page.get_by_role("dialog").locator("pre").inner_text().strip()
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("region", name="The primary key")).to_contain_text("Begins with")
    check_accessible(page)

    def asked() -> bool:
        answer = installation.request("POST", "/endpoints/support/score", {"text": "a b"}, {"Authorization": f"Bearer {secret}"})
        return answer.status == 200

    assert eventually(asked)


def test_monitoring_shows_the_requests_by_deployment(installation: Platform, page: Page) -> None:
    for _ in range(10):
        assert installation.request("POST", "/endpoints/support/score", {"text": "a b c"}).status == 200
    eventually(lambda: installation.request("GET", f"{WORKSPACE}/endpoints/support/metrics").json()["figures"])
    page.goto(f"{installation.url}/w/default/endpoints/support?tab=monitoring")
    expect(page.get_by_role("region", name="Figures by group")).to_contain_text("blue")
    page.get_by_role("button", name=re.compile("Latency P99")).click()
    expect(page.get_by_role("region", name="Latency P99 over time")).to_be_visible()
    expect(page.get_by_role("region", name="Now")).to_contain_text("1 of 1")
    check_accessible(page)


def test_a_rollout_that_an_evaluator_scores_too_low_is_begun_watched_and_goes_back(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/endpoints/support")
    page.get_by_role("button", name="Start", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Steps, per cent of the traffic").fill("50, 100")
    dialog.get_by_role("textbox", name="Each step lasts").fill("5")
    dialog.get_by_role("textbox", name="Requests before a verdict").fill("5")
    dialog.get_by_role("combobox", name="Evaluator of sampled answers").fill("regex")
    page.get_by_role("option", name="regex").click()
    expect(dialog.get_by_role("button", name="Start rollout")).to_be_disabled()
    dialog.get_by_role("textbox", name="Mean score at least").fill("0.5")
    dialog.get_by_role("textbox", name="Answers of a step").fill("5")
    dialog.get_by_role("textbox", name="Where its inputs come from").fill("response=${run.inputs.text}")
    dialog.get_by_role("textbox", name="Made with").fill('{"pattern": "never"}')
    check_accessible(page)
    dialog.get_by_role("button", name="Start rollout").click()
    card = page.get_by_role("region", name="Rollout")
    expect(card).to_contain_text("Running")
    expect(page.get_by_role("region", name="Deployment green")).to_contain_text("50 % of traffic")
    check_accessible(page)

    def ended() -> bool:
        assert installation.request("POST", "/endpoints/support/score", {"text": "a b c"}).status == 200
        return installation.request("GET", f"{WORKSPACE}/endpoints/support/rollouts").json()["items"][0]["state"] != "running"

    assert eventually(ended, within_s=60)
    expect(card).to_contain_text("Rolled back")
    expect(card.get_by_role("list")).to_contain_text("score 0.00 of 5 answers")
    expect(page.get_by_role("region", name="Deployment green")).to_contain_text("20 % of traffic")
    check_accessible(page)


def test_the_wizard_begins_a_canary_once_its_deployment_is_up(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/deploy?flow=demo-python&endpoint=support")
    expect(page.get_by_role("textbox", name="Deployment")).not_to_have_value("")  # what is suggested has come
    page.get_by_role("textbox", name="Deployment").fill("canary")
    page.get_by_role("radiogroup", name="How traffic moves").get_by_text("Canary").click()
    page.get_by_role("textbox", name="Steps, per cent of the traffic").fill("10, 5")
    off = "Something about the traffic has to be mended."
    expect(page.get_by_role("button", name="Deploy", exact=True)).to_have_attribute("aria-description", off)
    page.get_by_role("textbox", name="Steps, per cent of the traffic").fill("10, 100")
    check_accessible(page)
    page.get_by_role("button", name="Deploy", exact=True).click()
    expect(page.get_by_text("Its traffic moves in steps now")).to_be_visible(timeout=60_000)
    rollout = installation.request("GET", f"{WORKSPACE}/endpoints/support/rollouts").json()["items"][0]
    assert (rollout["state"], rollout["spec"]["to"], [step["share"] for step in rollout["steps"]]) == ("running", "canary", [10, 100])
    installation.request("POST", f"{WORKSPACE}/endpoints/support/rollouts/abort")


def test_an_endpoint_that_tokens_open_gets_replicas_between_bounds(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/deploy?flow=demo-python")
    page.get_by_role("textbox", name="Endpoint").fill("scaled")
    page.get_by_role("radio", name="Tokens").check()
    page.get_by_text("By what they have to do").click()
    page.get_by_role("textbox", name="At most").fill("3")
    page.get_by_role("textbox", name="One more while P95 is over").fill("800")
    expect(page.get_by_text("--target-p95 800")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Deploy", exact=True).click()
    page.get_by_role("link", name="Test the endpoint").click(timeout=90_000)
    found = installation.request("GET", f"{WORKSPACE}/endpoints/scaled").json()
    scale = found["deployments"][0]["settings"]["scale"]
    assert (found["auth_mode"], scale["min_instances"], scale["max_instances"], scale["target_p95_ms"]) == ("aml_token", 1, 3, 800)
    page.get_by_role("tab", name="Details").click()
    page.get_by_role("button", name="Replicas of blue").click()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="At most")).to_have_value("3")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()


def test_a_route_is_made_and_called_and_a_limit_answers_429(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/gateway")
    page.get_by_role("link", name="Make a route").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("chat")
    page.get_by_role("combobox", name="Model 1").fill("script/scripted")
    page.keyboard.press("Escape")
    check_accessible(page)
    page.get_by_role("button", name="Create route").click()
    expect(page.get_by_role("heading", name="chat")).to_be_visible()
    call = {"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}
    assert eventually(lambda: installation.request("POST", "/v1/chat/completions", call).status == 200)
    expect(page.get_by_role("table", name="How calls to its models ended")).to_contain_text("Closed")

    made = installation.request("POST", f"{WORKSPACE}/keys", {"name": "front", "role": "invoker"}).json()
    page.goto(f"{installation.url}/w/default/gateway?tab=limits")
    page.get_by_role("button", name="Change limits of front").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Requests a minute").fill("1")
    page.get_by_role("button", name="Save limits").click()
    row = page.get_by_role("row", name=re.compile("^front"))
    expect(row).to_contain_text("of 1")
    header = {"Authorization": f"Bearer {made['secret']}"}
    assert eventually(lambda: installation.request("POST", "/v1/chat/completions", call, header).status == 429)
    check_accessible(page)
    page.get_by_role("tab", name="Gateways").click()
    expect(page.get_by_text("Adds to a call, p50")).to_be_visible()
    check_accessible(page)


def test_who_may_only_look_is_told_why_each_button_is_off(installation: Platform, page: Page) -> None:
    made = installation.request("POST", f"{WORKSPACE}/keys", {"name": "looker", "role": "reader"}).json()
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    reader = context.new_page()
    reader.goto(f"{installation.url}/w/default/endpoints/support")
    reader.get_by_label("API key").fill(made["secret"])
    reader.get_by_role("button", name="Sign in").click()
    why = re.compile("Your role here, reader, may look and not change")
    for name in ("Add deployment", "Start", "Delete deployment blue", "Replicas of blue"):
        expect(reader.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-description", why)
    reader.get_by_role("button", name="Add deployment").hover()
    expect(reader.get_by_role("tooltip")).to_contain_text(why)
    for screen, name in (
        ("runs", "New run"),
        ("runs/new", "Create run"),
        ("flows", "New flow"),
        ("indexes", "New index"),
        ("deploy", "Deploy"),
    ):
        reader.goto(f"{installation.url}/w/default/{screen}")
        of_the_page = reader.get_by_role("button", name=name, exact=True).first  # an empty list offers the same once more
        expect(of_the_page).to_have_attribute("aria-description", why)
    reader.goto(f"{installation.url}/w/default/gateway?tab=limits")
    expect(reader.get_by_text("Your role may not look at keys and their limits")).to_be_visible()
    context.close()
