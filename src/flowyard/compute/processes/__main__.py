"""A supervisor alone: ``python -m flowyard.compute.processes LOGS_FOLDER [MODULE]``.

Prints ``{"address": …, "token": …}`` of its control port on a line, and runs until its standard input ends or SIGTERM comes. For tests, and
for programs that want supervised processes without the platform. With ``FLOWYARD_ISOLATION=uid``, code of a workspace runs as its own user.
A process that has loaded MODULE stands by (`compute.processes.standby`).
"""

import asyncio
import signal
import sys
from pathlib import Path

from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.control import open_control_port
from flowyard.compute.processes.isolated import hide_process
from flowyard.compute.processes.spawn import bind
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.compute.processes.users import open_flow_users
from flowyard.foundation.codecs import to_json
from flowyard.foundation.ids import new_secret
from flowyard.foundation.settings import read_settings


async def run(logs_folder: Path, standby: str | None) -> None:
    """Supervise until told to end."""
    token = new_secret("control")
    hide_process()
    supervisor = Supervisor(logs_folder, open_flow_users(read_settings()))
    port = await open_control_port(supervisor, token, bind())
    sys.stdout.write(to_json({"address": port.address, "token": token}).decode() + "\n")
    sys.stdout.flush()
    if standby is not None:
        supervisor.keep_standby(ProcessSpec(name="standby", module=standby))
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    loop.add_reader(sys.stdin.fileno(), over.set)
    await over.wait()
    loop.remove_reader(sys.stdin.fileno())
    await supervisor.close()
    await port.close()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), next(iter(sys.argv[2:]), None)))
