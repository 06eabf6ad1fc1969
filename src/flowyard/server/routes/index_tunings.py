"""Searches over configurations of an index, and flows made of what they recommend."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.rag.tuning.adopting import flow_files, variants_of
from flowyard.rag.tuning.space import arm_of
from flowyard.server.deps import Services, ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.index_tunings import IndexTuning, IndexTuningCreate, TuningAdoption, TuningAdoptionCreate, TuningTrial
from flowyard.wire.indexes import IndexBuild
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

router = api_router("index_tunings", "/workspaces/{workspace}/indexes/{name}/tunings")
Reader = Annotated[Caller, allow("indexes:write")]
Starter = Annotated[Caller, allow("indexes:write", starts_work=True)]


@router.get("")
def list_index_tunings(name: str, caller: Reader, services: ServicesDep) -> Page[IndexTuning]:
    """List the searches over configurations of an index, the newest first."""
    services.indexes.get(caller, name)
    return Page(items=services.indexes.tunings.list(caller, name))


@router.post("", status_code=202)
def create_index_tuning(name: str, body: IndexTuningCreate, caller: Starter, services: ServicesDep) -> Job:
    """Begin to search for a better configuration. The job's id is the search's."""
    version = services.indexes.whole_version(caller, name, body.version)
    return services.indexes.tunings.begin(caller, services.indexes.get(caller, name), version, body)


@router.get("/{tuning}")
def get_index_tuning(name: str, tuning: str, caller: Reader, services: ServicesDep) -> IndexTuning:
    """Return a search, as far as it is."""
    services.indexes.get(caller, name)
    return services.indexes.tunings.get(caller, name, tuning)


@router.post("/{tuning}/adoptions", status_code=201)
def adopt_index_tuning(name: str, tuning: str, body: TuningAdoptionCreate, caller: Starter, services: ServicesDep) -> TuningAdoption:
    """Make a flow of a trial, with others as variants, and build the version of the index that it asks, where there is none yet."""
    found, best = services.indexes.tunings.trial(caller, name, tuning, body.trial)
    asked = _asked(services, caller, found, best)
    variants = variants_of(found, best)
    index, version = (asked.name, "latest") if asked is not None else (name, found.version)
    services.flows.check_free(caller, body.flow)
    job = None if asked is None else services.indexes.build(caller, asked)
    services.flows.make(caller, body.flow, flow_files(index, version, variants), {"tuning": tuning, "trial": best.id})
    return TuningAdoption(flow=body.flow, trial=best.id, index=index, variants=len(variants), job=None if job is None else job.id)


def _asked(services: Services, caller: Caller, found: IndexTuning, best: TuningTrial) -> IndexBuild | None:
    """Return the build that gives what a trial searched; None where the version has it."""
    wanted = arm_of(best.configuration)
    if wanted == arm_of(found.trials[0].configuration):
        return None
    index, version = services.indexes.get(caller, found.index), services.indexes.whole_version(caller, found.index, found.version)
    same_model = wanted.embedding_model == index.embedding_model
    gathered = version.origin is not None
    return IndexBuild(
        name=found.index if same_model else f"{found.index}-{wanted.embedding_model.rsplit('/', 1)[-1]}"[:100],
        source=None if gathered else version.source,
        origin=version.origin,
        embedding_model=wanted.embedding_model,
        language=index.language,
        chunks=wanted.chunks,
        access=None if same_model else version.access,
    )
