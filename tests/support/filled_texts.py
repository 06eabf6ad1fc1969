"""What a small outdoor shop has: its handbook, questions about it, messages of its customers, and the flow that sorts these."""

DOCUMENTS = {
    "shipping.md": """# Shipping

## Times
Orders that come in before two in the afternoon leave the same day. Within the country a parcel takes two working days,
abroad five to seven.

## Cost
Shipping is free from 60 euros. Below that it costs 4.90 euros within the country and 9.90 euros abroad.
""",
    "returns.md": """# Returns

Goods can be sent back within thirty days, unused and with their label. The return label is in the parcel.

## Refunds
Money is paid back to the card that paid, within five working days after the parcel has come to us.
""",
    "warranty.md": """# Warranty

Tents and backpacks carry a warranty of five years, everything else of two. It covers seams, zips and poles, not tears.
""",
    "repairs.md": """# Repairs

Our workshop mends zips, buckles and soles. A repair costs 25 euros and takes ten days; members pay half.
""",
    "membership.md": """# Membership

Members pay 20 euros a year. They get ten per cent off, repairs at half the price and free shipping.
""",
    "payment.md": """# Payment

We take cards, PayPal and invoices. An invoice is due after fourteen days and is open to members only.
""",
    "gift-cards.md": """# Gift cards

Gift cards are valid for three years and can be paid in several parts. They cannot be changed into money.
""",
    "stores.md": """# Stores

## Opening hours
The store at the harbour opens at nine and closes at seven, on Saturdays at six. It is closed on Sundays.

## Parking
The garage opens at seven and closes at eight in the evening. Two hours are free with a receipt.
""",
    "sizes.md": """# Sizes

Boots run small: take one size more. Jackets are cut for a layer below. Every size can be changed once for free.
""",
    "account.md": """# Your account

A new password is sent by mail within a minute. Addresses and orders of the last five years are in the account.
""",
    "scan.pdf": "",
}

#: A question, what answers it, and where that is written.
QUESTIONS = (
    ("When does the garage open?", "At seven.", "stores.md"),
    ("How long does a parcel within the country take?", "Two working days.", "shipping.md"),
    ("From what amount is shipping free?", "From 60 euros.", "shipping.md"),
    ("How many days do I have to send something back?", "Thirty days.", "returns.md"),
    ("When is my money paid back?", "Within five working days.", "returns.md"),
    ("How long is the warranty of a tent?", "Five years.", "warranty.md"),
    ("What does a repair cost?", "25 euros.", "repairs.md"),
    ("What does a membership cost a year?", "20 euros.", "membership.md"),
    ("Who may pay by invoice?", "Members only.", "payment.md"),
    ("How long is a gift card valid?", "Three years.", "gift-cards.md"),
    ("Is the store open on Sundays?", "No, it is closed on Sundays.", "stores.md"),
    ("Do boots run small?", "Yes, take one size more.", "sizes.md"),
    ("How do I get a new password?", "It is sent by mail within a minute.", "account.md"),
    ("Can a gift card be changed into money?", "No.", "gift-cards.md"),
    ("What does the warranty not cover?", "Tears.", "warranty.md"),
    ("How long does a repair take?", "Ten days.", "repairs.md"),
)

#: A message of a customer and what it is about.
TICKETS = (
    ("My parcel has not arrived.", "delivery"),
    ("Please refund the second charge on my card.", "billing"),
    ("I cannot sign in any more.", "account"),
    ("The courier left the box at the wrong house.", "delivery"),
    ("Why is the invoice higher than the price in the shop?", "billing"),
    ("How do I change my password?", "account"),
    ("Shipping took three weeks.", "delivery"),
    ("You took the money twice.", "billing"),
    ("My profile shows somebody else's orders.", "account"),
    ("When will my order be delivered?", "delivery"),
    ("The voucher was not taken off the total.", "billing"),
    ("Delete my account, please.", "account"),
    ("The tracking page says lost.", "delivery"),
    ("I was billed for a jacket that I sent back.", "billing"),
    ("The link for the new password does not work.", "account"),
    ("My tent is late and I leave on Friday.", "delivery"),
    ("Can I pay in two parts?", "billing"),
    ("I no longer have the phone for the login code.", "account"),
    ("The parcel was open when it arrived.", "delivery"),
    ("Is there a discount for members on the price?", "billing"),
    ("Change the mail address of my login.", "account"),
    ("The courier never rang.", "delivery"),
    ("I need the invoice with our company's name.", "billing"),
    ("My account was locked.", "account"),
)

#: The words by which four versions of the flow sort, each with more than the one before.
WORDS = (
    {"billing": ["refund"], "delivery": ["parcel"], "account": ["password"]},
    {"billing": ["refund", "money"], "delivery": ["parcel", "shipping", "deliver"], "account": ["password", "login"]},
    {
        "billing": ["refund", "money", "invoice", "price"],
        "delivery": ["parcel", "shipping", "deliver", "late"],
        "account": ["password", "login", "sign in"],
    },
    {
        "billing": ["refund", "money", "invoice", "price", "bill", "pay", "voucher"],
        "delivery": ["parcel", "shipping", "deliver", "late", "courier", "tracking"],
        "account": ["password", "login", "sign in", "account", "profile"],
    },
)

TRIAGE = """# yaml-language-server: $schema=https://azuremlschemas.azureedge.net/promptflow/latest/Flow.schema.json
description: Sorts what customers write, by words, and by a model where words do not say it
inputs:
  message:
    type: string
    default: The courier never rang.
outputs:
  category:
    type: string
    reference: ${decide.output.category}
  by:
    type: string
    reference: ${decide.output.by}
nodes:
- name: rules
  type: python
  source:
    type: code
    path: rules.py
  inputs:
    message: ${inputs.message}
- name: ask
  use_variants: true
- name: decide
  type: python
  source:
    type: code
    path: decide.py
  inputs:
    by_rule: ${rules.output}
    by_model: ${ask.output}
node_variants:
  ask:
    default_variant_id: short
    variants:
      short:
        node:
          type: llm
          source:
            type: code
            path: ask.jinja2
          inputs:
            deployment_name: smollm2-135m
            temperature: 0
            max_tokens: 6
            message: ${inputs.message}
          connection: local
          api: chat
          activate:
            when: ${rules.output}
            is: unsure
      examples:
        node:
          type: llm
          source:
            type: code
            path: examples.jinja2
          inputs:
            deployment_name: smollm2-135m
            temperature: 0
            max_tokens: 6
            message: ${inputs.message}
          connection: local
          api: chat
          activate:
            when: ${rules.output}
            is: unsure
"""
ASK = """system:
You sort messages of customers. Answer with one word: billing, delivery or account.

user:
{{message}}
"""
EXAMPLES = """system:
You sort messages of customers. Answer with one word: billing, delivery or account.

user:
The box never came.

assistant:
delivery

user:
I paid too much.

assistant:
billing

user:
I forgot my password.

assistant:
account

user:
{{message}}
"""
RULES = '''from promptflow.core import tool

WORDS = {words}


@tool
def rules(message: str) -> str:
    """Return the one category whose words are in the message, or unsure."""
    text = message.lower()
    found = [name for name, words in WORDS.items() if any(word in text for word in words)]
    return found[0] if len(found) == 1 else "unsure"
'''
DECIDE = '''from typing import Optional

from promptflow.core import tool

CATEGORIES = ("billing", "delivery", "account")


@tool
def decide(by_rule: str, by_model: Optional[str] = None) -> dict:
    """Take the rule's answer, or the model's where the rules were unsure."""
    if by_model is None:
        return {"category": by_rule, "by": "rule"}
    answer = by_model.lower()
    return {"category": next((name for name in CATEGORIES if name in answer), "other"), "by": "model"}
'''
