"""A row process starts quickly: it loads what rows need, and the rest when one does."""

import subprocess
import sys

LATER = {"sqlite3", "_hashlib", "subprocess", "jinja2", "aiohttp", "flowyard.wire.flows", "flowyard.tracing.ports"}


def test_a_row_process_loads_no_database_no_openssl_and_no_template_engine() -> None:
    say = "import sys, flowyard.flows.runs.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", say], capture_output=True, text=True, check=True)
    assert LATER.isdisjoint(done.stdout.split())
