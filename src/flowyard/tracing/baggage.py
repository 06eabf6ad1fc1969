"""The W3C ``baggage`` header: names and values that a caller sends along with its trace."""

from urllib.parse import unquote


def parse_baggage(header: bytes) -> dict[str, str]:
    """Read a W3C ``baggage`` header; members that break its rules are left out, properties of members are too."""
    found: dict[str, str] = {}
    for member in header.decode("latin-1").split(","):
        name, equals, value = member.partition(";")[0].partition("=")
        if equals and name.strip():
            found[unquote(name.strip())] = unquote(value.strip())
    return found
