"""Who sees which documents of an index: by no route, kind of search, filter or reranking anything of what their tags do not open."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard import Workspace
from flowyard.foundation.errors import RemoteError
from flowyard.identity.model import Caller
from flowyard.rag.measuring.job import IndexMeasureJob
from flowyard.tracing.context import activate, new_context
from flowyard.wire.endpoints import EndpointCreate
from flowyard.wire.identity import ApiKeyCreate, UserCreate
from flowyard.wire.indexes import AccessRule
from support.built_indexes import HashingModel, IndexBuilder
from support.inline_jobs import run_inline

TAGS = ("alpha-tag", "beta-tag", "o'hara-tag")
#: Rules of the two versions: nested, of several tags, with a name that is nearly another's, and one that opens and one that closes later.
RULES = (
    (
        AccessRule(under="team/", tags=("alpha-tag",)),
        AccessRule(under="team/board/", tags=("beta-tag", "o'hara-tag")),
        AccessRule(under="x", tags=("o'hara-tag",)),
    ),
    (
        AccessRule(under="team/", tags=("alpha-tag", "beta-tag")),
        AccessRule(under="team/board/", tags=("beta-tag",)),
        AccessRule(under="open/late", tags=("alpha-tag",)),
    ),
)
FOLDERS = ("open", "team", "team/board", "Team", "x")
WORDS = ("wages", "garage", "holidays")


class Model(HashingModel):
    """Embeds by words, and reranks: it keeps what it was given to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def reranker(self, caller: Any, model: str) -> "Model":
        del caller, model
        return self

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        del query
        self.read += texts
        return [float(len(text) % 7) for text in texts]


@dataclass
class Setting:
    """An index of two versions, whose documents have names, titles and texts with a mark of their own, and how it is asked."""

    services: Any
    ws: Workspace
    client: Any
    owner: Caller
    build: IndexBuilder
    model: Model
    keys: tuple[set[str], set[str]]
    builds: tuple[str, str]
    measured: str
    secrets: dict[str, str]

    def rules_of(self, version: int, key: str) -> tuple[str, ...]:
        fitting = [rule for rule in RULES[version] if key.startswith(rule.under)]
        return max(fitting, key=lambda rule: len(rule.under)).tags if fitting else ()

    def seen(self, version: int, tags: set[str] | None) -> set[str]:
        """Return the documents that somebody sees; of a version from 0. `tags` None: an owner."""
        every = self.keys[version]
        return {key for key in every if tags is None or not self.rules_of(version, key) or tags & set(self.rules_of(version, key))}

    def holds(self, principal: str, tags: set[str]) -> None:
        kind = {"session": "user", "run": "user", "deployment": "endpoint"}.get(principal, "key")
        name = {"user": "ada", "endpoint": "desk", "key": principal}[kind]
        self.services.access.set(self.owner, kind, name, sorted(tags))

    def ask(self, principal: str, method: str, path: str, **options: Any) -> Any:
        if principal == "session":
            headers = {"Cookie": f"flowyard_session={self.secrets['session']}", "X-Flowyard-Studio": "1"}
        else:
            headers = {"Authorization": f"Bearer {self.secrets[principal]}"}
        return self.client.request(method, f"/api/v1/workspaces/default/indexes{path}", headers=headers, **options)


@pytest.fixture
def setting(services: Any, ws: Workspace, client: Any, owner_key: str, tmp_path: Path) -> Setting:
    build = IndexBuilder(services, ws, tmp_path / "documents")
    model = Model()
    build.model = build.job._models = services.indexes._questions = services.indexes.builds._models = model
    owner = services.sign_in.by_key(owner_key).enter()
    keys: list[set[str]] = []
    jobs: list[str] = []
    for version in range(2):
        number = 0
        for folder in FOLDERS:
            for word in WORDS:
                number += 1
                name = f"{folder}/late-mark{number:02}x" if (number + version) % 4 == 0 else f"{folder}/mark{number:02}x"
                path = build.folder / f"{name}.md"
                path.parent.mkdir(parents=True, exist_ok=True)
                if number != 8 or version == 0:
                    text = f"What mark{number:02}x says of {word}, and {WORDS[0]}; version {version * (number % 2)}."
                    path.write_text(f"# mark{number:02}x\n\n{text}")
        (build.folder / "team/mark90x.pdf").write_bytes(b"%PDF-1.4 no")
        job, context = build.submitted(access=RULES[version])
        build.run(job, context)
        ws.jobs.cancel(job)
        jobs.append(job)
        keys.append({path.relative_to(build.folder).as_posix() for path in build.folder.rglob("*.*")})
    asked = tmp_path / "questions.jsonl"
    rows = [{"question": f"What of {word}?", "document": key} for word in WORDS for key in sorted(keys[1])[:9]]
    asked.write_text("".join(json.dumps(row) + "\n" for row in rows))
    measurement = measured(build, ws, asked)
    both = (keys[0], keys[1]), (jobs[0], jobs[1])
    return Setting(services, ws, client, owner, build, model, *both, measurement, secrets_of(services, owner))


def measured(build: IndexBuilder, ws: Workspace, questions: Any) -> str:
    service = build.services.indexes
    code = IndexMeasureJob(service.builds._sources, service._vectors, service._ledger, build.model, service.measurements._reports)
    return str(run_inline(build.services, code, ws.indexes.measurements.create("docs", questions).id)["id"])


def secrets_of(services: Any, owner: Caller) -> dict[str, str]:
    """Return the keys of those who ask: people's, a browser's session, and those of a run and of a deployment."""
    found = {role: services.keys.create(owner, ApiKeyCreate(name=role, role=role)).secret for role in ("reader", "contributor", "owner")}
    services.identity.add_user(owner, UserCreate(name="ada", role="contributor"))
    link = services.identity._sign_in.link(services.identity._users.get("ada"), "http://x")
    found["session"] = services.sign_in.with_token(link.url.partition("=")[2]).secret
    services.endpoints.create(owner, EndpointCreate(name="desk"))
    store = services.access._store
    ada, desk = store.find(owner.workspace_id, "user", "ada"), store.find(owner.workspace_id, "endpoint", "desk")
    for name, scope, holder in (("run", "run:1", ada), ("deployment", "deployment:1:1", desk)):
        found[name] = services.keys.issue(owner.workspace_id, name, "invoker", scope=scope, acts_for=str(holder))
    return found


searches = st.fixed_dictionaries(
    {
        "text": st.sampled_from([*WORDS, "mark01x", "mark90x mark07x", "What of the board?", "'; DROP", "alpha-tag"]),
        "kind": st.sampled_from(["hybrid", "vector", "text"]),
        "top_k": st.sampled_from([1, 5, 100]),
        "version": st.sampled_from(["1", "2", "latest"]),
    },
    optional={
        "under": st.sampled_from(["", "team/", "team/board/mark", "x", "open/late"]),
        "tags": st.lists(st.sampled_from([*TAGS, "", "none"]), max_size=3),
        "rerank": st.just("reranking"),
        "vector_weight": st.sampled_from([0.0, 0.3, 1.0]),
    },
)
versions = st.sampled_from(["1", "2"])


ROUTES = ("search", "documents", "chunks", "versions", "index", "list", "diff", "build", "measurement", "questions")


def routes(draw: Any, setting: Setting) -> tuple[str, str, dict[str, Any]]:
    which = draw(st.sampled_from(ROUTES))
    version = draw(versions)
    if which == "search":
        return "POST", "/docs/search", {"json": draw(searches)}
    if which == "documents":
        told = {"limit": draw(st.sampled_from([1, 3, 500]))} | draw(st.sampled_from([{}, {"unread": True}, {"unread": False}]))
        return "GET", f"/docs/versions/{version}/documents", {"params": told}
    if which == "chunks":
        document = draw(st.sampled_from(sorted(setting.keys[0] | setting.keys[1])))
        return "GET", f"/docs/versions/{version}/chunks", {"params": {"document": document}}
    if which == "diff":
        return "GET", "/docs/diff", {"params": {"before": version, "after": draw(versions)}}
    if which == "build":
        return "GET", f"/docs/builds/{setting.builds[int(version) - 1]}", {}
    told = {"versions": "/docs/versions", "index": "/docs", "list": "", "measurement": f"/docs/measurements/{setting.measured}"}
    return "GET", told.get(which, f"/docs/measurements/{setting.measured}/questions"), {}


def marks(keys: set[str]) -> set[str]:
    return {key[key.index("mark") :][:7] for key in keys}


def test_nobody_sees_what_their_tags_do_not_open(setting: Setting) -> None:
    every = marks(setting.keys[0] | setting.keys[1])

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def check(data: Any) -> None:
        principal = data.draw(st.sampled_from(["reader", "contributor", "session", "run", "deployment"]))
        tags = data.draw(st.sets(st.sampled_from(TAGS)))
        method, path, options = routes(data.draw, setting)
        setting.holds(principal, tags)
        setting.model.read.clear()
        answer = setting.ask(principal, method, path, **options)
        told = answer.text
        assert answer.status_code in {200, 403, 404, 422}, told
        version = path.split("/")[3] if "/versions/" in path else path.rpartition("/")[2]
        open_to = setting.seen(0, tags) | setting.seen(1, tags)
        if "/versions/" in path:
            open_to = setting.seen(int(version) - 1, tags)
        elif path.endswith("/search"):
            asked = options["json"]
            both = tags & set(asked["tags"]) if "tags" in asked else tags
            open_to = setting.seen(0 if asked["version"] == "1" else 1, both)
            assert not (every - marks(open_to)) & {word for text in setting.model.read for word in text.replace(",", " ").split()}
        for mark in every - marks(open_to):
            assert mark not in told or mark in str(options), (principal, tags, path, options, told)
        # Who sees all of a version may change its rules, and sees them whole.
        whole = any(all(tags & set(rule.tags) for rule in rules) for rules in RULES)
        for tag in set[str]() if whole and "/versions/" not in path else set(TAGS) - tags:
            assert json.dumps(tag)[1:-1] not in told or tag in str(options), (principal, tags, path, told)

    check()


def test_everybody_sees_all_that_their_tags_open(setting: Setting) -> None:
    for tags in (set[str](), {"alpha-tag"}, {"beta-tag"}, {"o'hara-tag", "alpha-tag"}, set(TAGS)):
        setting.holds("reader", tags)
        mine = Workspace(url=setting.ws.transport.url, api_key=setting.secrets["reader"], workspace="default").indexes
        for version in range(2):
            seen = setting.seen(version, tags)
            assert {one.key for one in mine.documents("docs", version=str(version + 1))} == seen
            hits = mine.search("docs", WORDS[0], version=str(version + 1), kind="text", top_k=100).hits
            assert {hit.chunk.document for hit in hits} == read(seen)
            [told] = [one for one in mine.versions("docs") if one.version == str(version + 1)]
            assert (told.documents, told.unread, told.chunks) == (len(read(seen)), len(seen - read(seen)), len(read(seen)))
            assert {rule.under for rule in told.access} == {rule.under for rule in RULES[version] if tags & set(rule.tags)}
            assert (told.embedded is None) == (not all(tags & set(rule.tags) for rule in RULES[version]))
        between = mine.diff("docs", "1", "2")
        first, second = read(setting.seen(0, tags)), read(setting.seen(1, tags))
        assert (set(between.documents_added), set(between.documents_removed)) == (second - first, first - second)
        assert mine.get("docs").latest.documents == len(second)


def found(setting: Setting, who: str) -> set[str]:
    """Return the documents of all that a search by a word that all of them have gives, within a trace, as flows search."""
    asks = Workspace(url=setting.ws.transport.url, api_key=setting.secrets[who], workspace="default")
    with activate(new_context()):
        return {hit.chunk.document for hit in asks.indexes.search("docs", WORDS[0], kind="text", top_k=100).hits}


def read(keys: set[str]) -> set[str]:
    return {key for key in keys if key.endswith(".md")}


def test_owners_see_everything_also_by_what_works_for_them(setting: Setting) -> None:
    assert {one.key for one in setting.ws.indexes.documents("docs")} == setting.seen(1, None)
    workspace = setting.owner.workspace_id
    owner = setting.services.access._store.find(workspace, "user", "owner")
    setting.secrets["theirs"] = setting.services.keys.issue(workspace, "x", "invoker", scope="run:2", acts_for=str(owner))
    setting.secrets["nobodys"] = setting.services.keys.issue(workspace, "y", "invoker", scope="run:3")
    assert found(setting, "owner") == found(setting, "theirs") == read(setting.seen(1, None))
    assert found(setting, "nobodys") == read(setting.seen(1, set()))


def test_who_is_no_member_any_more_sees_what_is_everybodys_and_comes_back_without_tags(setting: Setting) -> None:
    setting.holds("run", {"alpha-tag"})
    untagged = read(setting.seen(1, set()))
    assert found(setting, "run") > untagged
    setting.services.identity.remove_user(setting.owner, "ada")
    assert found(setting, "run") == untagged
    setting.services.identity.add_user(setting.owner, UserCreate(name="ada", role="contributor"))
    assert found(setting, "run") == untagged


def test_who_does_not_see_all_leaves_the_rules_as_they_are(setting: Setting) -> None:
    theirs = Workspace(url=setting.ws.transport.url, api_key=setting.secrets["contributor"], workspace="default")
    source = theirs.indexes.versions("docs")[0].source
    with pytest.raises(RemoteError) as refused:
        theirs.indexes.build("docs", source=source, access=[])
    assert refused.value.remote.code == "PermissionDenied"
    theirs.jobs.cancel(theirs.indexes.build("docs", source=source).id)
    setting.holds("contributor", set(TAGS))
    theirs.jobs.cancel(theirs.indexes.build("docs", source=source, access=[]).id)


def test_a_measurement_sees_what_who_began_it_sees_and_is_shown_to_those_who_see_as_much(setting: Setting, tmp_path: Path) -> None:
    theirs = Workspace(url=setting.ws.transport.url, api_key=setting.secrets["contributor"], workspace="default")
    setting.holds("contributor", {"beta-tag"})
    path = tmp_path / "hidden.jsonl"
    path.write_text(json.dumps({"question": "What of wages?", "context": "What mark03x says of holidays, and wages; version 1."}) + "\n")
    assert "team/board/mark09x.md" in setting.seen(1, {"beta-tag"})
    assert list(theirs.indexes.measurements.list("docs")) == []
    mine = measured(setting.build, theirs, path)
    assert [one.id for one in theirs.indexes.measurements.list("docs")] == [mine]
    rows = list(theirs.indexes.measurements.questions("docs", mine))
    assert {hit.document for row in rows for hits in row.found.values() for hit in hits} <= setting.seen(1, {"beta-tag"})
    setting.holds("contributor", {"alpha-tag"})
    with pytest.raises(RemoteError) as unseen:
        theirs.indexes.measurements.get("docs", mine)
    assert unseen.value.remote.code == "MeasurementNotFound"
    assert {one.id for one in setting.ws.indexes.measurements.list("docs")} == {mine, setting.measured}


def test_a_builds_samples_and_log_have_no_document_with_tags_for_others(setting: Setting) -> None:
    setting.holds("contributor", set())
    told = setting.ask("contributor", "GET", f"/docs/builds/{setting.builds[1]}").json()
    assert (told["changed"], told["kept"], told["gone"]) == (None, None, None)
    assert {file["key"] for file in told["files"]} <= setting.seen(1, set())
    whole = setting.ask("owner", "GET", f"/docs/builds/{setting.builds[1]}").json()
    assert whole["changed"] > len(told["files"])
    assert [file["key"] for file in whole["unread"]] == ["team/mark90x.pdf"]
