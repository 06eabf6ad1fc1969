"""Searches over configurations of an index, and flows made of what they recommend."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.rag.tuning.adopting import build_of, prompt_of, variants_of
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.index_tunings import IndexTuning, IndexTuningCreate, TuningAdoption, TuningAdoptionCreate
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
    whole = services.indexes.whole_version(caller, found.index, found.version)
    asked = build_of(found, best, services.indexes.get(caller, found.index), whole)
    variants = variants_of(found, best)
    index, version = (asked.name, "latest") if asked is not None else (name, found.version)
    prompt = prompt_of(found, best, body.variant)
    services.flows.check_free(caller, body.flow)
    files = services.indexes.tunings.flow(caller, found, (index, version), variants, prompt)
    job = None if asked is None else services.indexes.builds.build(caller, asked)
    services.flows.make(caller, body.flow, files, {"tuning": tuning, "trial": best.id, "variant": prompt})
    return TuningAdoption(
        flow=body.flow, trial=best.id, index=index, variants=len(variants), variant=prompt, job=None if job is None else job.id
    )
