"""A worker of the tests, run as a supervised process. Message: ``database_url``, ``queue_url``."""

import os
import time
from pathlib import Path
from typing import Any

from flowyard.compute.child import Child
from flowyard.compute.ports import JobContext
from flowyard.compute.worker import Worker
from flowyard.foundation.errors import InvalidInputError
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.storage.sql.workers import SqlWorkerStore

STAGES = {"count": ("first", "second"), "fragile": ("only",), "endless": ("only",), "deadly": ("only",)}


def _add_line(path: str, line: str) -> int:
    with Path(path).open("a") as file:
        file.write(f"{line} {os.getpid()}\n")
    return os.getpid()


class Count:
    """Takes `steps` steps, each leaves a line; after step `pause_after` it waits for the file ``<path>.go``."""

    name = "count"
    stages = STAGES["count"]

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        path, pids = arguments["path"], list[int]()
        with context.stage("first") as report:
            for number in range(arguments["steps"]):
                pids.append(context.step(f"step {number}", lambda number=number: _add_line(path, f"step {number}")))
                report.progress(number + 1, arguments["steps"], "steps")
                while number == arguments.get("pause_after") and not Path(path + ".go").exists():
                    context.check_canceled()
                    time.sleep(0.02)
        with context.stage("second") as report:
            report.detail("counting")
            context.log("counted")
        return {"pids": pids}


class Fragile:
    """Fails in its second step until the file ``<path>.go`` is there."""

    name = "fragile"
    stages = STAGES["fragile"]

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        path = arguments["path"]

        def second() -> str:
            if not Path(path + ".go").exists():
                if arguments.get("how") == "bug":
                    raise ValueError("nobody thought of this")
                if arguments.get("how") == "cancel":
                    while True:
                        time.sleep(0.01)
                        context.check_canceled()
                raise InvalidInputError("It is not there yet.", remedy="Make it.")
            return "there"

        with context.stage("only") as report:
            context.step("first", lambda: _add_line(path, "first"))
            report.progress(1)
            found = context.step("second", second)
            report.progress(2)
            return found


class Endless:
    """Runs until it is canceled."""

    name = "endless"
    stages = STAGES["endless"]

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        with context.stage("only") as report:
            for number in range(100_000):
                report.progress(number)
                context.check_canceled()
                time.sleep(0.01)


class Deadly:
    """Ends its worker's life."""

    name = "deadly"
    stages = STAGES["deadly"]

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        os._exit(9)


def main() -> None:
    child = Child.start()
    engine = open_engine(child.message["database_url"])
    kinds = {kind.name: kind for kind in (Count(), Fragile(), Endless(), Deadly())}
    Worker(SqlJobStore(engine), SqlWorkerStore(engine), queue_url=child.message["queue_url"], kinds=kinds).run(child)


if __name__ == "__main__":
    main()
