"""Writes docs/gallery.md: a picture of every screen of the studio, light and dark.

``python scripts/gallery.py`` opens a filled workspace as tests/platform/test_every_screen.py does, and fails as that does.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
PICTURES = ROOT / "docs" / "gallery"
HEAD = """# Every screen of the studio

What `make gallery` sees, light and dark, 1440 by 900: the workspace of a small shop, filled by commands as its people would, with the
local model; only the week of conversations with models that cost something comes by OTLP, made up. The same walk is a test, which
fails by whatever [axe](https://github.com/dequelabs/axe-core) finds wrong for WCAG 2.1 A and AA.
"""


def main() -> int:
    """Take the pictures and write the page."""
    from support.filled_studio import SCREENS

    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.webp"):
        old.unlink()
    walk = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/platform/test_every_screen.py"]
    ended = subprocess.run(walk, cwd=ROOT, env={**os.environ, "FLOWYARD_GALLERY": str(PICTURES)}, check=False)
    rows = [
        f"| {words(name)} | ![{words(name)}, light](gallery/{name}-light.webp) | ![{words(name)}, dark](gallery/{name}-dark.webp) |"
        for name in SCREENS
    ]
    (ROOT / "docs" / "gallery.md").write_text("\n".join([HEAD, "| Screen | Light | Dark |", "|---|---|---|", *rows, ""]))
    return ended.returncode


def words(name: str) -> str:
    """Return what a screen is called."""
    return name.replace("-", " ").capitalize()


if __name__ == "__main__":
    sys.exit(main())
