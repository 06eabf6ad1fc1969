"""Takes a picture of every screen of the studio, light and dark, on an installation of its own with real data.

``python scripts/screenshots.py FOLDER [--width 1280]`` needs Chromium (/usr/bin/chromium or CHROMIUM) and the local model, which it pulls.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLOWYARD = str(Path(sys.executable).with_name("flowyard"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SCREENS = {
    "home": "",
    "models": "models",
    "model-card": "models/smollm2-135m",
    "model-try": "models/smollm2-135m?tab=try",
    "flows": "flows",
    "flow-graph": "flows/demo",
    "flow-cards": "flows/demo?tab=cards",
    "flow-files": "flows/demo?tab=files",
    "flow-chat": "flows/demo-chat?tab=chat",
    "runs": "runs",
    "run": "runs/texts",
    "run-rows": "runs/texts?tab=rows&sort=-outputs.words",
    "run-row": "runs/texts?tab=rows&row=3",
    "run-metrics": "runs/texts?tab=metrics",
    "run-logs": "runs/texts?tab=logs",
    "run-compare": "runs/compare?runs=texts,titles",
    "run-new": "runs/new?flow=demo-python&run=texts",
    "endpoints": "endpoints",
    "endpoint": "endpoints/words",
    "endpoint-test": "endpoints/words?tab=test",
    "endpoint-consume": "endpoints/words?tab=consume",
    "endpoint-monitoring": "endpoints/words?tab=monitoring",
    "endpoint-keys": "endpoints/words?tab=keys",
    "endpoint-history": "endpoints/words?tab=history",
    "endpoint-logs": "endpoints/words?tab=logs",
    "deploy": "deploy?flow=demo-python",
    "gateway": "gateway",
    "gateway-limits": "gateway?tab=limits",
    "gateway-gateways": "gateway?tab=gateways",
    "traces": "traces",
    "jobs": "jobs",
    "connections": "connections",
    "connection-new": "connections/new",
    "access": "access",
    "access-keys": "access?tab=keys",
    "access-audit": "access?tab=audit",
    "not-found": "flows/missing",
}


def main() -> int:
    """Start an installation, fill it, and look at it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--empty", action="store_true", help="leave the installation as it is after its first start")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, installation(home, empty=options.empty) as told, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        state = sign_in(browser.new_context(), told["sign_in_url"])
        trace = newest_trace(home)
        screens = SCREENS | ({"trace": f"traces/{trace}"} if trace else {})
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": options.width, "height": options.width * 5 // 8}, color_scheme=scheme, storage_state=state
            )
            take(context, told["url"], screens, options.folder, scheme)
        browser.close()
    return 0


@contextmanager
def installation(home: str, *, empty: bool) -> Iterator[dict[str, str]]:
    """Run the platform on a free port, with two endpoints and some calls in it."""
    environment = {**os.environ, "FLOWYARD_HOME": home}

    def run(*words: str) -> None:
        subprocess.run([FLOWYARD, *words], env=environment, check=True, stdout=subprocess.DEVNULL)

    if not empty:
        run("model", "pull", "smollm2-135m")
    started = subprocess.run(
        [FLOWYARD, "up", "--port", "0", "--no-browser", "--detach", "--json"], env=environment, check=True, capture_output=True
    )
    try:
        if not empty:
            fill(run)
            fill_runs(run, Path(home) / "rows.jsonl")
        yield json.loads(started.stdout)
    finally:
        run("down")


def fill(run: Callable[..., None]) -> None:
    """Make what the screens show."""

    for name, what in (("words", ("--flow", "demo-python")), ("writer", ("--flow", "demo")), ("assistant", ("--model", "smollm2-135m"))):
        run("endpoint", "create", name)
        run("endpoint", "deploy", name, *what)
    for text in ("hello there", "one two three four", "the quick brown fox"):
        run("endpoint", "invoke", "words", "--inputs", f"text={text}")
    run("endpoint", "invoke", "writer", "--inputs", "topic=a lighthouse")
    run("key", "create", "ci", "--role", "contributor")
    run("user", "create", "ada", "--role", "contributor")


def fill_runs(run: Callable[..., None], data: Path) -> None:
    """Make two runs over the same rows, which differ in what feeds the flow."""
    words = ("a", "lighthouse", "blinks", "over", "the", "quick", "brown", "fox")
    rows = ({"text": " ".join(words[: 1 + index % 8]), "title": f"Row {index}"} for index in range(30))
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for name, column in (("texts", "text"), ("titles", "title")):
        mapping = f"text=${{data.{column}}}"
        run("run", "create", "--flow", "demo-python", "--data", str(data), "--column-mapping", mapping, "--name", name, "--stream")


def sign_in(context: BrowserContext, url: str) -> Path:
    """Sign in with the one-time link and keep the session."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_url(re.compile("/w/"))
    path = Path(tempfile.mkstemp(suffix=".json")[1])
    context.storage_state(path=path)
    context.close()
    return path


def newest_trace(home: str) -> str | None:
    """Return the id of the newest trace with a model call."""
    shown = subprocess.run(
        [FLOWYARD, "trace", "list", "--json"], env={**os.environ, "FLOWYARD_HOME": home}, check=True, capture_output=True
    )
    traces = json.loads(shown.stdout)
    return next((trace["trace_id"] for trace in traces if trace["models"]), None)


def take(context: BrowserContext, url: str, screens: dict[str, str], folder: Path, scheme: str) -> None:
    """Take one picture a screen."""
    page = context.new_page()
    for name, path in screens.items():
        page.goto(f"{url}/w/default/{path}")
        page.wait_for_load_state("networkidle")
        if name == "flow-graph" and "trace" in screens:
            page.get_by_role("button", name="Run", exact=True).click()
            page.get_by_text("Completed").first.wait_for(timeout=60_000)
        page.wait_for_timeout(700)
        page.screenshot(path=folder / f"{name}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
