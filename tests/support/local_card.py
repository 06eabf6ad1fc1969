"""A card of the local model under another name, whose file is had from this machine: what `model pull` can bring without a network."""

import re
from pathlib import Path

from flowyard.catalog import cards
from local_model import CHAT_MODEL

MODEL = "tiny-chat"


def card_of(store: Path) -> str:
    """Return the card, with the file that is in `store`."""
    text = (Path(cards.__file__).parent / "cards" / f"{CHAT_MODEL}.yaml").read_text()
    (file,) = (store / CHAT_MODEL).glob("*.gguf")
    text = re.sub(r"pypi://\S+", file.as_uri(), text)
    named = text.replace(f"name: {CHAT_MODEL}", f"name: {MODEL}", 1)
    return named.replace("display_name: SmolLM2-135M-Instruct", "display_name: Tiny Chat")
