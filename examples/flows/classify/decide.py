from typing import Optional

from promptflow.core import tool

CATEGORIES = ("billing", "delivery", "account")


@tool
def decide(by_rule: str, by_model: Optional[str] = None) -> dict:
    """Take the rule's answer, or the model's where the rules were unsure and the model was not."""
    if by_model is None:
        return {"category": by_rule, "by": "rule"}
    answer = by_model.lower()
    category = next((name for name in CATEGORIES if name in answer), "other")
    return {"category": category, "by": "model"}
