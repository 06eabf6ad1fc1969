"""What axe finds on a page: WCAG 2.1 A and AA, and its best practice."""

from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).resolve().parents[2] / "studio/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# A tooltip stands beside the landmarks, wherever the pointer happens to be.
_LOOK = """
only => axe.run({exclude: [['[role=tooltip]']]}, {runOnly: only}).then(
  found => found.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html.slice(0, 300)).join(' | ')))
"""


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return every rule that the page breaks, with what breaks it; `rules`: only these."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text())
    return page.evaluate(_LOOK, {"type": "tag", "values": _RULES} if rules is None else {"type": "rule", "values": rules})


def check_accessible(page: Page) -> None:
    """Fail by every rule of axe that the page breaks."""
    found = violations(page)
    assert not found, "\n".join(found)
