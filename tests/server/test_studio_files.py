"""The studio's files: the page behind every address, hashed assets kept for good, nothing outside the folder."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowyard.server.problems import on_http_error
from flowyard.server.studio import Studio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>Studio</title>")
    (static / "assets/app-1a2b3c.js").write_text("console.log(1)")
    (static / "assets/app-1a2b3c.js.gz").write_bytes(gzip.compress(b"console.log(1)"))
    (static / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    (static / "link.txt").symlink_to(tmp_path / "secret.txt")
    return static


@pytest.fixture
def studio(folder: Path) -> Any:
    app = Starlette(exception_handlers={404: on_http_error, 405: on_http_error})
    app.router.default = Studio(folder)
    return TestClient(app, base_url="http://flowyard.test", headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize("address", ["/", "/sign-in", "/w/default/flows", "/w/default/flows/my.flow", "/index.html"])
def test_the_page_is_behind_every_address(studio: Any, address: str) -> None:
    answer = studio.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<title>Studio</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_hashed_assets_are_kept_for_good(studio: Any) -> None:
    answer = studio.get("/assets/app-1a2b3c.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert studio.get("/assets/app-1a2b3c.js", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_packed_files_go_to_those_who_take_them(studio: Any) -> None:
    answer = studio.get("/assets/app-1a2b3c.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == "console.log(1)"
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/link.txt",
        "/assets/missing.js",
        "/%00.js",
        "/assets/app-1a2b3c.js.gz",
    ],
)
def test_nothing_else_is_given(studio: Any, address: str) -> None:
    answer = studio.get(address)
    assert answer.status_code == 404, answer.text
    assert "secret" not in answer.text.replace("secret.txt", "")


def test_other_methods(studio: Any) -> None:
    assert studio.head("/").status_code == 200
    assert studio.post("/").status_code == 405
    assert studio.post("/w/default/flows").status_code == 404


def test_a_studio_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    app = Starlette()
    app.router.default = Studio(tmp_path / "nothing")
    answer = TestClient(app).get("/")
    assert answer.status_code == 503
    assert "make up" in answer.text
