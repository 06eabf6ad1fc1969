from promptflow.core import tool

WORDS = {
    "billing": ("refund", "money", "invoice", "charge", "price"),
    "delivery": ("parcel", "deliver", "arrive", "shipping", "late"),
    "account": ("password", "login", "sign in", "account"),
}


@tool
def rules(message: str) -> str:
    """Return the one category whose words are in the message, or unsure."""
    text = message.lower()
    found = [name for name, words in WORDS.items() if any(word in text for word in words)]
    return found[0] if len(found) == 1 else "unsure"
