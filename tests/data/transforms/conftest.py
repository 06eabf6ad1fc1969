"""Steps carried out in a folder, and a worker that runs the jobs of transforms in a thread of the test."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.compute.jobs.runner import JobRunner
from flowyard.data.transforms.job import TransformJob
from flowyard.flows.environments.code import CodeProcesses
from support.transform_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A place to carry steps out in."""
    folder = tmp_path / "bench"
    folder.mkdir()
    return Bench(folder)


@pytest.fixture
def worker(services: Any, home: Path) -> Iterator[JobRunner]:
    """A worker over `services`, in threads of this process: what is queued runs at once."""
    store = services.jobs._store
    job = TransformJob(services.data, CodeProcesses(services.settings, None), home / "cache" / "transforms")
    runner = JobRunner(store, {job.name: job}, "tests")
    done = threading.Event()

    def carry() -> None:
        while not done.wait(0.02):
            for job_id in store.unsent():
                store.mark_sent(job_id)
                runner.run(job_id, lambda _name, work: work())

    def look() -> None:
        while not done.wait(0.05):
            runner.look()

    threads = [threading.Thread(target=one, daemon=True) for one in (carry, look)]
    for thread in threads:
        thread.start()
    yield runner
    done.set()
    for thread in threads:
        thread.join(timeout=60)
