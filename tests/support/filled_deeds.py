"""What a person does on some screens before they show what they are for: asks, sends, runs."""

from collections.abc import Callable

from playwright.sync_api import Page

#: A model that others keep busy answers late.
_PATIENCE_MS = 120_000
#: How long a page takes to offer that an answer is stopped; a quick answer has come by then.
_BEGINNING_MS = 300


def _talk(*messages: str) -> Callable[[Page], None]:
    """Return what sends messages, each once the one before is answered."""

    def deed(page: Page) -> None:
        for message in messages:
            page.get_by_role("textbox", name="Message", exact=True).fill(message)
            page.get_by_role("button", name="Send").click()
            page.wait_for_timeout(_BEGINNING_MS)
            page.get_by_role("button", name="Stop").wait_for(state="hidden", timeout=_PATIENCE_MS)
            page.get_by_role("button", name="Send").wait_for()
        page.mouse.move(0, 0)

    return deed


def _press(button: str, shown: str) -> Callable[[Page], None]:
    """Return what presses a button and waits for what shows that it is done."""

    def deed(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        page.locator(shown).first.wait_for(timeout=_PATIENCE_MS)

    return deed


#: A screen's name → what is done on it.
DEEDS: dict[str, Callable[[Page], None]] = {
    "flow-chat": _talk("What is a lighthouse for?", "Who keeps its light burning?"),
    "flow-graph": _press("Run", "text=Outputs"),
    "model-try": _talk("Name three things for a night in a tent."),
    "models-side-by-side": _talk("Name three things for a night in a tent."),
    "endpoint-test": _press("Send", "text=200"),
    "logs": _press("Run", "main table"),
}
