"""Typed filters as the conditions of Lance's SQL. Every value passes through `_literal`; nothing of a caller's is text of the query."""

from collections.abc import Sequence

from flowyard.identity.access import Access
from flowyard.rag.errors import FilterError
from flowyard.rag.search.filters import Between, Filter, OneOf
from flowyard.storage.vectors.rows import PUBLIC, fact, typed

_LAST, _SURROGATES = 0x10FFFF, (0xD7FF, 0xE000)


def condition(access: Access, where: Filter) -> str:
    """Return what a row has to fulfil: what the caller may see, and what they ask for."""
    parts = [_allowed(access)]
    if where.under:
        parts.append(_begins_with("document", where.under))
    if where.documents:
        parts.append(one_of("document", where.documents))
    if where.kinds:
        parts.append(one_of("kind", where.kinds))
    if where.tags:
        parts.append(_has_any("tags", where.tags))
    if where.first_page is not None:
        parts.append(f"page >= {int(where.first_page)}")
    if where.last_page is not None:
        parts.append(f"page <= {int(where.last_page)}")
    parts.extend(_metadata(each) for each in where.metadata)
    return " AND ".join(parts)


def one_of(column: str, values: Sequence[str]) -> str:
    """Return that a column is one of some texts."""
    return f"{column} IN ({', '.join(_literal(value) for value in values)})"


def behind(column: str, value: str) -> str:
    """Return that a column comes after a text."""
    return f"{column} > {_literal(value)}"


def _allowed(access: Access) -> str:
    # A mark has no tags, so that the first form leaves it out too.
    return "document IS NOT NULL" if access.everything else _has_any("tags", (PUBLIC, *sorted(access.tags)))


def _metadata(each: OneOf | Between) -> str:
    if isinstance(each, OneOf):
        return _has_any("facts", [fact(each.key, value) for value in each.values])
    text = isinstance(each.at_least if each.at_least is not None else each.at_most, str)
    has = _has_any("facts", [typed(each.key, text=text)])
    # A value of another type would be an error of the whole query: numbers and texts stand in columns of their own.
    value = f"json_get_{'string(words' if text else 'float(numbers'}, {_literal(each.key)})"
    bounds = [f"{value} {sign} {_bound(bound)}" for sign, bound in ((">=", each.at_least), ("<=", each.at_most)) if bound is not None]
    return " AND ".join([has, *bounds])


def _bound(bound: float | str) -> str:
    return _literal(bound) if isinstance(bound, str) else repr(float(bound))


def _has_any(column: str, values: Sequence[str]) -> str:
    return f"array_has_any({column}, [{', '.join(_literal(value) for value in values)}])"


def _begins_with(column: str, prefix: str) -> str:
    """Return a range: that is what an ordered index answers."""
    lower = f"{column} >= {_literal(prefix)}"
    kept = prefix.rstrip(chr(_LAST))
    if not kept:
        return lower
    following = ord(kept[-1]) + 1
    if _SURROGATES[0] < following < _SURROGATES[1]:
        following = _SURROGATES[1]
    return f"{lower} AND {column} < {_literal(kept[:-1] + chr(following))}"


def _literal(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise FilterError(f"{value!r} is no valid text.", remedy="Give a text without lone surrogates.") from error
    return "'" + value.replace("'", "''") + "'"
