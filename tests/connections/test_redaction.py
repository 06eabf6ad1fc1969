"""Known secret values are found however a text writes them."""

import base64
import json
import logging
import re
import sys
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.connections.redaction import MASK, RedactingFilter, Redactor

SECRET = 'p/ss w+rd&=\\"\u00e9-1234'
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": json.dumps,
    "json, not ascii": lambda value: json.dumps(value, ensure_ascii=False),
    "repr": repr,
    "url, everything quoted": lambda value: quote(value, safe=""),
    "url path": quote,
    "url form": quote_plus,
    "url query": lambda value: urlencode({"key": value}),
    "url, lower case": lambda value: re.sub("%..", lambda found: found[0].lower(), quote(value, safe="")),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64, url-safe": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "basic authorization": lambda value: "Basic " + base64.b64encode(f"user:{value}".encode()).decode(),
    "basic authorization, one off": lambda value: "Basic " + base64.b64encode(f"users:{value}:more".encode()).decode(),
    "basic authorization, two off": lambda value: "Basic " + base64.b64encode(f"my user:{value}".encode()).decode(),
    "hex": lambda value: value.encode().hex(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_every_form(form: str) -> None:
    text = f"before {FORMS[form](SECRET)} after"
    scrubbed = Redactor([SECRET]).scrub(text)
    assert MASK in scrubbed
    assert scrubbed.startswith("before ")
    assert scrubbed.endswith(" after")
    if form.startswith("url"):
        assert "1234" not in scrubbed


@given(st.text(min_size=6, max_size=40), st.binary(max_size=5), st.binary(max_size=5))
def test_nothing_of_a_secret_can_be_decoded_from_base64(secret: str, before: bytes, after: bytes) -> None:
    data = secret.encode("utf-8", "surrogatepass")
    text = base64.b64encode(before + data + after).decode()
    scrubbed = Redactor([secret]).scrub(text)
    assert len(data) < 8 or MASK in scrubbed


def test_ordinary_text_stays() -> None:
    text = "The quick brown fox, aGVsbG8gd29ybGQ=, %20 and 0123456789abcdef."
    assert Redactor([SECRET, "short"]).scrub(text) == text


def test_a_log_record_with_its_arguments_and_its_traceback_is_scrubbed() -> None:
    handler = logging.Handler()
    handler.addFilter(RedactingFilter(Redactor([SECRET])))
    try:
        raise ValueError(f"https://host/?key={quote_plus(SECRET)}")
    except ValueError:
        record = logging.LogRecord("n", logging.ERROR, "f", 1, "got %s", (SECRET,), sys.exc_info())
    assert handler.filter(record)
    assert record.getMessage() == f"got {MASK}"
    assert "1234" not in (record.exc_text or "")
