"""Variants of a node from the first to the default, and a chat with what is kept of it: in a browser, with the real local model."""

import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from flowyard.flows.load import load_flow
from support.accessibility import check_accessible
from support.flow_folders import write_flow
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(400)]

ANSWERS_MS = 120_000


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:
    with Platform.up(tmp_path_factory.mktemp("home"), model_store) as running:
        running.run("flow", "clone", "demo-chat", "talk")
        yield running


def test_a_variant_is_made_edited_run_beside_the_other_and_made_the_default(installation: Platform, page: Page) -> None:
    folder = installation.home / "workspaces" / "default" / "flows" / "talk"
    flow = folder / "flow.dag.yaml"
    before = flow.read_text()
    page.goto(f"{installation.url}/w/default/flows/talk?tab=variants")
    page.get_by_role("button", name="Make a variant").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("brief")
    page.get_by_role("button", name="Make variant", exact=True).click()
    brief = page.get_by_role("article", name="Variant brief")
    limit = brief.get_by_role("combobox", name="max_tokens")
    limit.fill("5")
    limit.press("Enter")
    prompt = brief.get_by_role("textbox", name="Text of chat__brief.jinja2")
    prompt.click()
    prompt.press("Control+End")
    prompt.press_sequentially("Be brief.")
    page.get_by_role("button", name="Run all 2").click()
    for name in ("variant_0", "brief"):
        column = page.get_by_role("article", name=f"Variant {name}")
        expect(column.get_by_text("Completed")).to_be_visible(timeout=ANSWERS_MS)
        expect(column.get_by_text(re.compile(r"\d+ \+ \d+ tokens"))).to_be_visible()
    expect(brief.get_by_text(re.compile(r"\d+ \+ 5 tokens"))).to_be_visible()
    check_accessible(page)
    page.get_by_text("What differs", exact=True).click()
    expect(page.get_by_role("table", name="What differs").get_by_role("row", name=re.compile("inputs.max_tokens 128 5"))).to_be_visible()
    expect(page.get_by_role("textbox", name="chat__brief.jinja2")).to_contain_text("Be brief.")
    check_accessible(page)
    page.get_by_text("Side by side", exact=True).click()
    page.get_by_role("button", name="Change variant brief").click()
    page.get_by_role("menuitem", name="Set as default").click()
    eventually(lambda: "default_variant_id: brief" in flow.read_text())
    text = flow.read_text()
    assert text.startswith(before[: before.index("  type: llm")] + "  use_variants: true\nnode_variants:\n")
    spec = load_flow(folder).spec
    assert [(name, node.source.path if node.source else None) for name, node in spec.node_variants["chat"].nodes.items()] == [
        ("variant_0", "chat.jinja2"),
        ("brief", "chat__brief.jinja2"),
    ]
    assert folder.joinpath("chat__brief.jinja2").read_text() == folder.joinpath("chat.jinja2").read_text() + "Be brief."
    page.get_by_role("tabpanel").get_by_role("link", name="Run on data").click()
    expect(page).to_have_url(re.compile("/runs/new.*variants="))
    page.goto(f"{installation.url}/w/default/flows/talk?tab=graph")
    check_accessible(page)
    expect(page.get_by_text("brief, 1 of 2 · smollm2-135m")).to_be_visible()


def check_kept(page: Page, log: Locator) -> None:
    page.get_by_role("tab", name="Graph").click()
    page.get_by_role("tab", name="Chat").click()
    expect(log).to_contain_text("What is a lighthouse?")
    page.reload()
    expect(log).to_contain_text("What is a lighthouse?")
    page.get_by_role("button", name="New conversation").click()
    expect(log).not_to_contain_text("What is a lighthouse?")
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("menuitem", name=re.compile("What is a lighthouse")).click()
    expect(log).to_contain_text("What is a lighthouse?")


def test_a_message_is_edited_its_answer_rated_compared_and_saved_as_a_test_case(installation: Platform, page: Page) -> None:
    page.goto(f"{installation.url}/w/default/flows/talk?tab=chat")
    log = page.get_by_role("log", name="Conversation")
    page.get_by_role("textbox", name="Message", exact=True).fill("What is a bridge?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Save as test case")).to_be_visible(timeout=ANSWERS_MS)
    page.get_by_role("button", name="Edit this message").click()
    edited = page.get_by_role("textbox", name="Edited message")
    edited.fill("What is a lighthouse?")
    edited.press("Enter")
    expect(page.get_by_role("button", name="Save as test case")).to_be_visible(timeout=ANSWERS_MS)
    expect(log).not_to_contain_text("bridge")

    page.get_by_role("button", name="Good answer").click()
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_role("textbox", name="Comment").fill("Short and right")
    page.get_by_role("dialog").get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("button", name="Commented")).to_be_visible()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    check_accessible(page)

    for version, expected in (("1", "A tower with a light."), ("2", "It guides ships.")):
        page.get_by_role("button", name="Save as test case").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Expected answer").fill(expected)
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog.get_by_role("link", name=f"talk-cases, version {version}")).to_be_visible()
        dialog.get_by_role("button", name="Close", exact=True).last.click()
        expect(dialog).to_be_hidden()
    preview = installation.request("GET", "/api/v1/workspaces/default/data/talk-cases/versions/latest/preview").json()
    rows = [row["values"] for row in preview["rows"]]
    assert [(row["question"], row["ground_truth"]) for row in rows] == [
        ("What is a lighthouse?", "A tower with a light."),
        ("What is a lighthouse?", "It guides ships."),
    ]

    check_kept(page, log)
    page.get_by_role("button", name="Name the conversation").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Towers")
    page.get_by_role("button", name="Name it").click()
    expect(page.get_by_role("button", name="Conversations")).to_contain_text("Towers")

    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("combobox", name="Beside").click()
    page.get_by_role("option", name="variant_0 of chat").click()
    page.get_by_role("textbox", name="Message", exact=True).fill("What is a harbour?")
    page.get_by_role("button", name="Send", exact=True).click()
    for side in ("The flow as it is", "variant_0 of chat"):
        answered = page.get_by_role("log", name=f"Conversation with {side}")
        expect(answered.get_by_role("button", name="Save as test case")).to_be_visible(timeout=ANSWERS_MS)
    expect(page.get_by_role("log", name="Conversation with The flow as it is")).to_contain_text("tokens")
    check_accessible(page)


#: Looks at what it is sent: a message of texts and images.
EYES = {
    "inputs": {
        "chat_history": {"type": "list", "is_chat_history": True, "default": []},
        "question": {"type": "list", "is_chat_input": True, "default": ["What is it?"]},
    },
    "outputs": {"answer": {"type": "string", "reference": "${see.output}", "is_chat_output": True}},
    "nodes": [
        {
            "name": "see",
            "type": "llm",
            "source": {"type": "code", "path": "see.jinja2"},
            "inputs": {"deployment_name": "scripted", "question": "${inputs.question}", "chat_history": "${inputs.chat_history}"},
            "connection": "eyes",
            "api": "chat",
        }
    ],
}
SEE = """{% for item in chat_history %}
user:
{{item.inputs.question}}

assistant:
{{item.outputs.answer}}
{% endfor %}

user:
{{question}}
"""
SCRIPT = """rules:
  - match: "(?i)colour"
    answer: It is red.
answers: [A square., "[A link](http://127.0.0.1:9/x) <b>and no tag</b>."]
"""


def picture(file: Path) -> str:
    """Write a small red PNG, and return its bytes as base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes((220, 40, 40)) * 12 for _ in range(8))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 12, 8, 8, 2, 0, 0, 0))
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return base64.b64encode(file.read_bytes()).decode()


def test_a_picture_is_asked_about_twice_reaches_the_model_and_goes_into_a_test_case(
    installation: Platform, page: Page, tmp_path: Path
) -> None:
    sent = picture(tmp_path / "red.png")
    (tmp_path / "eyes.yaml").write_text("name: eyes\ntype: scripted\nscript: |\n  " + SCRIPT.replace("\n", "\n  "))
    installation.run("connection", "create", "-f", str(tmp_path / "eyes.yaml"))
    installation.run("flow", "upload", "eyes", "--source", str(write_flow(tmp_path / "eyes", EYES, see__jinja2=SEE)))
    page.goto(f"{installation.url}/w/default/flows/eyes?tab=chat")
    log = page.get_by_role("log", name="Conversation")
    message, answered = page.get_by_role("textbox", name="Message", exact=True), log.get_by_role("button", name="Save as test case")
    page.locator("input[type=file]").set_input_files(tmp_path / "red.png")
    expect(page.get_by_text("red.png")).to_be_visible()
    message.fill("What colour is it?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(log).to_contain_text("It is red.", timeout=ANSWERS_MS)
    expect(log.get_by_role("img", name="Image of the message")).to_have_count(1)
    message.fill("And what shape?")
    message.press("Enter")
    expect(log).to_contain_text("A square.", timeout=ANSWERS_MS)
    trace = (log.get_by_role("link", name="Trace").last.get_attribute("href") or "").rpartition("/")[2]
    address = f"/api/v1/workspaces/default/traces/{trace}"
    there = eventually(lambda: (found := installation.request("GET", address)).status == 200 and found.json(), within_s=60)
    (asked,) = [span["attributes"] for span in there["spans"] if span["kind"] == "llm"]
    assert sent in str(asked)  # of the history, as the message before had it
    log.get_by_role("button", name="Answer again").click()
    expect(log).not_to_contain_text("A square.", timeout=ANSWERS_MS)
    expect(log).to_contain_text("<b>and no tag</b>")
    expect(log.get_by_role("link", name="A link")).to_have_count(0)
    expect(answered).to_have_count(2)
    check_accessible(page)
    answered.first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Expected answer").fill("Red")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("link", name="eyes-cases, version 1")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    preview = installation.request("GET", "/api/v1/workspaces/default/data/eyes-cases/versions/latest/preview").json()
    (row,) = [row["values"] for row in preview["rows"]]
    assert row["ground_truth"] == "Red"
    assert sent[:40] in str(row["question"])
    log.get_by_role("button", name="Edit this message").first.click()
    expect(page.get_by_text("Its images stay; what was said after it goes.")).to_be_visible()
    page.get_by_role("textbox", name="Edited message").fill("Which colour has it?")
    page.get_by_role("textbox", name="Edited message").press("Enter")
    expect(log).to_contain_text("It is red.", timeout=ANSWERS_MS)
    expect(log.get_by_role("img", name="Image of the message")).to_have_count(1)
    expect(log).not_to_contain_text("And what shape?")
