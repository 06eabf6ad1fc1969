"""``/metrics`` of the server: who may scrape, what they are told, and that it is a page that Prometheus understands."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import urllib3
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from flowyard import Workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.monitoring import metrics
from flowyard.monitoring.metrics import METRICS, Reading
from flowyard.wire.identity import ApiKeyCreate, WorkspaceCreate
from support.otlp import request


@pytest.fixture
def scrape(server: Any, ws: Workspace) -> Callable[..., Any]:
    pool = urllib3.PoolManager()
    monitor = ws.keys.create("prometheus", role="monitor").secret

    def get(key: str | None = monitor, method: str = "GET", body: bytes | None = None, **headers: str) -> Any:
        sent = {**({"authorization": f"Bearer {key}"} if key else {}), **headers}
        return pool.request(method, server.url + "/metrics", headers=sent, body=body, retries=False)

    return get


def families(page: bytes) -> dict[str, Any]:
    return {family.name: family for family in parser.text_string_to_metric_families(page.decode())}


def value(page: bytes, name: str, **labels: str) -> float:
    found = [
        sample.value
        for family in families(page).values()
        for sample in family.samples
        if sample.name == name and all(sample.labels[key] == wanted for key, wanted in labels.items())
    ]
    assert found, f"no sample of {name} with {labels}"
    return sum(found)


def test_nobody_scrapes_without_a_key_that_may(scrape: Callable[..., Any], ws: Workspace, owner_key: str) -> None:
    for key in (None, "fy_wrong", ws.keys.create("r", role="reader").secret, ws.keys.create("i", role="invoker").secret):
        refused = scrape(key)
        assert refused.status == (401 if key in {None, "fy_wrong"} else 403), key
        assert refused.headers["content-type"] == "application/problem+json"
        assert "--role monitor" in refused.json()["remedy"] or key == "fy_wrong"
        assert b"flowyard_" not in refused.data
    assert scrape(None).headers["www-authenticate"].startswith("Bearer")
    assert scrape(ws.keys.create("c", role="contributor").secret).status == 403
    assert scrape(owner_key).status == 200
    assert scrape().status == 200
    assert scrape(None, authorization="Basic eDp5").status == 401
    assert scrape(None, cookie="flowyard_session=fys_wrong").status == 401


def test_a_monitor_may_do_nothing_else(server: Any, ws: Workspace) -> None:
    key = {"authorization": f"Bearer {ws.keys.create('m', role='monitor').secret}"}
    pool = urllib3.PoolManager()
    for path in ("jobs", "flows", "traces", "keys", "overview", "connections"):
        assert pool.request("GET", f"{server.url}/api/v1/workspaces/default/{path}", headers=key).status == 403, path


def test_the_page_is_in_the_text_format_and_in_openmetrics(scrape: Callable[..., Any]) -> None:
    scrape()
    plain = scrape()
    assert plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert set(families(plain.data)) <= {name.removesuffix("_total") for name in METRICS}
    assert value(plain.data, "flowyard_build_info") == 1
    assert value(plain.data, "flowyard_disk_free_bytes", folder="home") > 1024
    assert value(plain.data, "flowyard_scrape_missing_parts", part="database") == 0
    # No supervisor runs beside a server in a test: that is told, and costs nothing else.
    assert value(plain.data, "flowyard_scrape_missing_parts", part="processes") == 1

    accepted = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    opened = scrape(accept=accepted)
    assert opened.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    found = {family.name for family in openmetrics_parser.text_string_to_metric_families(opened.data.decode())}
    assert found >= {"http_server_request_duration_seconds", "flowyard_build", "flowyard_telemetry_spool_bytes"}
    assert opened.data.endswith(b"# EOF\n")


def test_requests_are_counted_by_route_and_status(server: Any, scrape: Callable[..., Any], owner: dict[str, str]) -> None:
    pool = urllib3.PoolManager()
    for name in ("a", "b", "c"):
        assert pool.request("GET", f"{server.url}/api/v1/workspaces/default/flows/{name}", headers=owner).status == 404
    pool.request("GET", f"{server.url}/no/such/{time.time_ns()}", headers=owner)
    page = scrape().data
    count = "http_server_request_duration_seconds_count"
    route = "/api/v1/workspaces/{workspace}/flows/{flow}"
    assert value(page, count, http_route=route, http_response_status_code="404", http_request_method="GET", process="server") == 3
    assert value(page, count, http_route="/*") == 1
    assert value(page, "http_server_active_requests", process="server") == 1
    routes = {sample.labels["http_route"] for sample in families(page)["http_server_request_duration_seconds"].samples}
    assert not [route for route in routes if "no/such" in route]


def test_the_collector_and_the_indexer_are_counted(server: Any, scrape: Callable[..., Any], owner_key: str) -> None:
    pool = urllib3.PoolManager()
    body = request({"id": 1}, {"id": 2}, {"id": 3}).SerializeToString()
    sent = {"authorization": f"Bearer {owner_key}", "content-type": "application/x-protobuf"}
    assert pool.request("POST", server.url + "/v1/traces", body=body, headers=sent).status == 200
    assert pool.request("POST", server.url + "/v1/traces", body=b"\xff", headers=sent).status == 400
    deadline = time.monotonic() + 20
    while value(page := scrape().data, "flowyard_telemetry_tail_rows") == 0:
        assert time.monotonic() < deadline, "the indexer took nothing in"
        time.sleep(0.1)
    assert value(page, "flowyard_collector_requests_total", signal="traces", outcome="accepted") == 1
    assert value(page, "flowyard_collector_requests_total", signal="traces", outcome="refused") == 1
    assert value(page, "flowyard_collector_received_bytes_total", signal="traces") == len(body) + 1
    assert value(page, "flowyard_telemetry_spool_bytes") > 0
    assert value(page, "flowyard_indexer_backlog_bytes") == 0


def test_what_the_gateway_sends_along_is_shown_once_and_what_does_not_fit_is_not(scrape: Callable[..., Any]) -> None:
    counts = [0] * (len(metrics.HTTP_DURATION.bounds) + 1)
    counts[2] = 7
    body = msgspec.json.encode(
        {
            metrics.HTTP_DURATION.name: [
                Reading(("gateway", "POST", "/v1/embeddings", "200"), 0.1, counts),
                Reading(("gateway", "POST"), 0.1, counts),
                Reading(("gateway", "POST", "/v1/embeddings", "500"), 0.1, [1]),
            ],
            "made_up": [Reading((), 1)],
        }
    )
    page = scrape(method="POST", body=body).data
    count = "http_server_request_duration_seconds_count"
    assert value(page, count, process="gateway") == 7
    assert value(page, "http_server_request_duration_seconds_bucket", process="gateway", le="0.01") == 0
    assert value(page, "http_server_request_duration_seconds_bucket", process="gateway", le="0.025") == 7
    assert b"made_up" not in page
    with pytest.raises(AssertionError):
        value(scrape().data, count, process="gateway")
    refused = scrape(method="POST", body=b"[1]")
    assert (refused.status, refused.json()["code"]) == (InvalidInputError.status, "InvalidInput")
    assert scrape(method="DELETE").status == 405


def test_keys_of_other_workspaces_see_their_own_only(scrape: Callable[..., Any], services: Any) -> None:
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    services.identity.create_workspace(owner, WorkspaceCreate(name="other"))
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    mine, other = owner.enter("default"), owner.enter("other")
    key = services.keys.create(other, ApiKeyCreate(name="m", role="monitor")).secret
    counts = [1] * (len(metrics.CALL_DURATION.bounds) + 1)
    calls = [
        Reading((workspace, "chat", "openai", f"model-of-{name}", "", "", "", "gateway"), 1.0, counts)
        for name, workspace in (("default", mine.workspace_id), ("other", other.workspace_id))
    ]
    sent = {"method": "POST", "body": msgspec.json.encode({metrics.CALL_DURATION.name: calls})}
    everything, theirs = scrape(**sent).data, scrape(key, **sent).data
    for seen in ("model-of-default", "model-of-other", "flowyard_disk_free_bytes", "http_server_request_duration_seconds"):
        assert seen.encode() in everything, seen
    assert set(families(theirs)) == {"flowyard_workspace_info", "gen_ai_server_request_duration_seconds"}
    assert b"model-of-other" in theirs
    assert b"default" not in theirs
    assert mine.workspace_id.encode() not in theirs
