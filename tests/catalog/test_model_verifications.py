"""A verification from the request to the badge: planned with its price, made as a job, kept, shown on the card."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.checks import run_check
from flowyard.catalog.verify.job import ModelVerifyJob
from flowyard.catalog.verify.probe import Probe, Subject
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError
from flowyard.inference.client import ModelClient
from flowyard.inference.providers.local import engine
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.reports import SqlReportStore
from flowyard.wire.connections import ConnectionWrite
from flowyard.wire.model_verifications import CheckName
from local_model import CHAT_MODEL
from support.inline_jobs import run_inline
from support.model_gateway import model_gateway
from support.obedient_model import ObedientModel, obedient, said

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def model() -> ObedientModel:
    """What answers behind the gateway: a model that fails at tools and does the rest."""
    return ObedientModel(chat=lambda body: said("It rains.") if body.get("tools") else obedient(body))


@pytest.fixture
def gateway(model: ObedientModel) -> Iterator[str]:
    """The address of a gateway."""
    with model_gateway(model) as address:
        yield address


class NoHost:
    """A supervisor that keeps no process."""

    def get(self, name: str) -> None:
        return None


@pytest.fixture
def job(services: Any, gateway: str) -> Iterator[ModelVerifyJob]:
    database = open_engine(services.settings.metadata_url)
    catalog = Catalog(services.settings.home / "models")
    host: Any = NoHost()
    yield ModelVerifyJob(
        catalog, SqlReportStore(database), services.keys, host, lambda workspace, subject, prompt, completion: 7, gateway_url=gateway
    )
    database.dispose()


@pytest.fixture
def paid(ws: Workspace) -> str:
    """A connection to somebody's models."""
    ws.connections.create(ConnectionWrite(name="mine", type="open_ai", secrets={"api_key": "sk-x"}))
    return "mine/gpt-4o"


def test_planned_made_kept_and_shown(ws: Workspace, services: Any, job: ModelVerifyJob, paid: str, command: Command) -> None:
    plan = ws.models.verifications.plan(paid)
    assert (plan.place, plan.free, plan.task) == ("connection", False, "chat-completion")
    assert plan.cost
    assert int(plan.cost.micros) > 1000, "the long context is paid for"
    begun = ws.models.verifications.create(paid)
    assert (begun.kind, begun.target) == ("model_verify", f"model/{paid}")
    with pytest.raises(RemoteError) as error:
        ws.models.verifications.get(begun.id)
    assert error.value.remote.code == "VerificationNotFound"

    assert run_inline(services, job, begun.id) == {"model": paid, "passed": 7, "failed": 1, "not_applicable": 3}
    found = ws.models.verifications.get(begun.id)
    status = {check.name: check.status for check in found.checks}
    assert (status["tools"], status["chat"], status["memory"]) == ("fail", "pass", "not_applicable")
    assert "It rains." in next(check.answer or "" for check in found.checks if check.name == "tools")
    assert (found.status, found.cost and found.cost.micros, found.machine.cores > 0) == ("completed", "7", True)
    assert ws.models.verifications.list(paid) == (found,)
    assert ws.models.verifications.list("other") == ()

    badge = ws.models.get("openai-gpt-4o").verified
    assert badge
    assert (badge.id, badge.passed, badge.failed_checks) == (found.id, 7, ("tools",))
    assert badge.first_token_ms is not None
    code, out, _ = command("model", "verifications", "--json")
    assert (code, from_json(out)[0]["failed"]) == (0, 1)
    ws.models.verifications.delete(found.id)
    assert ws.models.get("openai-gpt-4o").verified is None


def test_what_was_made_is_not_made_again(services: Any, ws: Workspace, job: ModelVerifyJob, paid: str, model: ObedientModel) -> None:
    from support.online_installation import InlineContext

    begun = ws.models.verifications.create(paid, checks=["chat", "stop"])
    record = services.jobs._store.get(begun.id)
    context: Any = InlineContext(record.workspace_id)
    context.job_id = begun.id
    job.run(context, record.arguments)
    asked = len(model.bodies)
    job.run(context, record.arguments)
    assert len(model.bodies) == asked
    assert len(ws.models.verifications.get(begun.id).checks) == 2


def test_what_cannot_be_tried(ws: Workspace, paid: str, command: Command) -> None:
    for name, code in (("smollm2-135m", "ModelNotCallable"), ("nothing", "ModelNotFound"), ("none/gpt", "ConnectionNotFound")):
        with pytest.raises(RemoteError) as error:
            ws.models.verifications.create(name)
        assert error.value.remote.code == code
    with pytest.raises(RemoteError) as error:
        ws.models.verifications.create(paid, max_context=1)
    assert error.value.remote.code == "VerificationInvalid"
    code_, _, err = command("model", "verify", paid)
    assert code_ == 2
    assert "USD" in err
    assert "--yes" in err
    code_, _, err = command("model", "verify", "smollm2-135m", "--files")
    assert code_
    assert "not on this machine" in err


@pytest.mark.integration
async def test_the_real_model(model_store: Path, tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    wanted = Catalog(model_store).engine(CHAT_MODEL, "secret")
    status = await supervisor.ensure(wanted.process)
    assert status.address
    subject = Subject(model=CHAT_MODEL, call=CHAT_MODEL, place="local", context=4096)
    names: tuple[CheckName, ...] = ("chat", "streaming", "stop", "json_schema")
    try:
        async with ModelClient.of(engine(status.address, wanted.key)) as client:
            for name in names:
                found = await run_check(name, Probe(client=client, subject=subject, max_context=512))
                assert found.status == "pass", f"{name}: {found.detail}"
    finally:
        await supervisor.stop(wanted.process.name)
