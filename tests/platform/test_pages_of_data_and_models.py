"""Every command that the pages about data and models print, run as printed against one installation; one that fails is a page that lies.

A line whose comment says what it needs from elsewhere (``# needs …``) is only read by the command line, as are commands within sentences.
"""

import importlib
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pyarrow
import pyarrow.parquet
import pytest
import typer
import yaml

from flowyard import Workspace
from flowyard.cli.entry import COMMANDS
from flowyard.wire.datastores import DatastoreWrite
from flowyard.wire.endpoints import DeploymentCreate
from local_model import CHAT_MODEL
from support.flow_folders import ECHO, python_node, write_flow
from support.installation import Platform
from support.page_commands import printed_lines, run_printed, text_of, words_of
from support.postgres_database import postgres_database

PAGES = (
    "data.md",
    "transforms.md",
    "lineage.md",
    "catalog.md",
    "model-verification.md",
    "indexes.md",
    "measuring-retrieval.md",
    "nodes/index-lookup.md",
    "chat-with-documents.md",
)
#: A whole verification takes minutes; its checks have tests of their own.
SHORTER = {
    f"model verify {CHAT_MODEL}": ("--check", "chat"),
    "model verify endpoint:support --yes": ("--check", "chat"),
    f"index questions handbook --model {CHAT_MODEL}": ("--count", "2", "--max-tokens", "3000"),
}
#: The page says that it is 1 where the model does not fit.
ENDS_WITH_1 = ("model fit",)
SHOP = """
CREATE SCHEMA sales; CREATE TABLE sales.orders (id INTEGER, total REAL); INSERT INTO sales.orders VALUES (1, 2.5), (2, 4.0);
CREATE TABLE customers (id INTEGER, city TEXT); INSERT INTO customers VALUES (1, 'Bonn'), (2, 'Oslo');
"""
FLOW = {
    "inputs": {"question": {"type": "string"}},
    "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
    "nodes": [{**python_node("say", x="${inputs.question}"), "source": {"type": "code", "path": "say.py"}}],
}
LOOKED_UP = {"found": {"type": "list", "reference": "${find.output}"}}


def block(page: str, language: str, with_text: str) -> str:
    """Return the block of a page in a language that has this text."""
    return next(found for found in re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.M | re.S) if with_text in found)


def needs_more(line: str) -> bool:
    return re.search(r"\s# needs ", line) is not None


PRINTED = [line for page in PAGES for line in printed_lines(page)]
SAID = sorted({said for page in PAGES for said in re.findall(r"`(flowyard [^`]+)`", text_of(page))})


def application_of(noun: str) -> typer.Typer:
    """Return the commands of a noun; a lone verb is one."""
    module = importlib.import_module(COMMANDS[noun][0])
    if hasattr(module, "app"):
        return module.app
    alone = typer.Typer()
    alone.command()(getattr(module, noun))
    return alone


@pytest.mark.parametrize("line", [*filter(needs_more, PRINTED), *SAID])
def test_the_command_line_knows_the_words(line: str) -> None:
    noun, *words = words_of(line)
    command = typer.main.get_command(application_of(noun))
    if hasattr(command, "commands"):
        while hasattr(command, "commands") and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert not hasattr(command, "commands"), f"{line}: there is no {words[0] if words else 'verb'!r}"
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("-")} <= known
    if needs_more(line):
        command.make_context(noun, words)


@pytest.fixture(scope="module")
def shop(postgres_url: str) -> Iterator[str]:
    for url in postgres_database(postgres_url):
        login = f"reader_{urlsplit(url).path[1:]}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SHOP.encode())
            connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'right'".encode())
            for schema in ("public", "sales"):
                connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {login}".encode())
                connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {login}".encode())
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader's folder, with the files that the pages name: those that they show are as shown."""
    folder = tmp_path_factory.mktemp("reader")
    topics = ("the opening hours of the library", "how a letter is sent abroad", "the price of a ticket to the sea", "a lost umbrella")
    rows = [{"id": n, "question": f"Please tell me about {topics[n % 4]}, number {n // 8}.", "label": "ab"[n % 2]} for n in range(40)]
    for name in ("rows.jsonl", "questions.jsonl", "papers/2026/rows.jsonl"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "labels.jsonl").write_text("".join(json.dumps({"id": n, "topic": topics[n % 4]}) + "\n" for n in range(40)))
    pyarrow.parquet.write_table(pyarrow.table({"n": range(100_010)}), folder / "papers/2026/a.parquet")
    (folder / "papers.yaml").write_text(f"name: papers\ntype: local_folder\npath: {folder / 'papers'}\n")
    (folder / "questions.yml").write_text("name: questions\npath: questions.jsonl\ntype: uri_file\n")
    (folder / "step.yaml").write_text(block("transforms.md", "yaml", "source: azureml:questions:2"))
    (folder / "clean.py").write_text(block("transforms.md", "python", "def tidy"))
    write_flow(folder / "my_flow", FLOW, say__py=ECHO)
    write_flow(
        folder / "answers", {**FLOW, "outputs": LOOKED_UP, "nodes": yaml.safe_load(block("nodes/index-lookup.md", "yaml", "name: find"))}
    )
    for name in ("index", "nodes/python", "grafana/panels"):
        (folder / f"docs/{name}.md").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"docs/{name}.md").write_text(f"# {name}\n\nHow a deployment is rolled back, as {name} says.\n")
    asked = ({"question": f"What does {name} say of a rollback?", "document": f"{name}.md"} for name in ("index", "nodes/python"))
    (folder / "asked.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    model = folder / "mlflow-model"
    model.mkdir()
    (model / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: x\n")
    (model / "requirements.txt").write_text("scikit-learn\n")
    (model / "model.pkl").write_bytes(pickle.dumps({"a": 1}))
    return folder


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, model_store: Path, folder: Path) -> Iterator[Platform]:
    (gguf,) = (model_store / CHAT_MODEL).glob("*.gguf")
    (folder / "my-model.gguf").symlink_to(gguf)
    settings = {"FLOWYARD_DATA_ROOTS": str(folder), "FLOWYARD_DATA_HOSTS": "127.0.0.1"}
    with Platform.up(tmp_path_factory.mktemp("home"), model_store, settings=settings) as running:
        yield running


def set_up(ws: Workspace, folder: Path, shop: str) -> None:
    """Make what the pages take for granted: two versions of questions, labels, databases, an endpoint and a run."""
    ws.data.create("questions", folder / "labels.jsonl")
    ws.data.create("questions", folder / "questions.jsonl")
    ws.data.create("labels", folder / "labels.jsonl")
    place = urlsplit(shop)
    name = place.path[1:]
    configs = {"host": "127.0.0.1", "port": str(place.port), "database": name, "tls": "disable"}
    for store in ("warehouse", "crm"):
        secrets = {"username": f"reader_{name}", "password": "right"}
        ws.datastores.create(DatastoreWrite(name=store, type="postgresql", configs=configs, secrets=secrets))
    ws.endpoints.create("support")
    assert ws.jobs.wait(ws.endpoints.deploy("support", DeploymentCreate(name="blue", model=CHAT_MODEL)).id).status == "completed"
    mapping = {"question": "${data.question}"}
    ws.runs.create(folder / "my_flow", "azureml:questions:2", name="nightly", column_mapping=mapping)
    assert ws.runs.stream("nightly").status == "completed"


@pytest.mark.integration
@pytest.mark.timeout(420)
def test_the_commands_of_the_pages_do_what_they_say(platform: Platform, folder: Path, shop: str) -> None:
    set_up(Workspace(url=platform.url, api_key=platform.api_key, workspace="default"), folder, shop)
    printed = [line for line in PRINTED if not needs_more(line)]
    assert len(printed) > 40
    wrong: list[str] = []
    for line in sorted(printed, key=lambda line: " delete " in line):  # what is deleted is used by the lines below it
        words = words_of(line)
        may_end_with = 1 if " ".join(words).startswith(ENDS_WITH_1) else 0
        try:
            run_printed(platform, folder, (*words, *SHORTER.get(" ".join(words), ())), {}, ends_with=may_end_with)
        except AssertionError as error:
            wrong.append(str(error))
    assert not wrong, "\n".join(wrong)
