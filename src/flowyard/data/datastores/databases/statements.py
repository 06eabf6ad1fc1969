"""What a statement is made of, for databases whose own transactions do not keep it from writing."""

import re

from flowyard.data.datastores.errors import QueryError

#: Texts, quoted names and comments of SQL Server: what words and semicolons in them mean nothing.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[(?:[^\]]|\]\])*\]|--[^\r\n]*|/\*.*?\*/", re.DOTALL)
#: Those of MySQL, where a backslash takes the meaning of the sign behind it, and ``--`` begins a comment only before a space.
_ESCAPED = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|`(?:[^`]|``)*`|--(?=\s|$)[^\r\n]*|#[^\r\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]+")


def check_reads(sql: str, *, begins: frozenset[str], refused: frozenset[str], mysql: bool) -> None:
    """Check that a statement is one, begins with a word of `begins`, and has no word of `refused` outside of its texts.

    Raises:
        QueryError: it is not so.
    """
    if "/*!" in sql or "/*+" in sql:
        raise QueryError("The statement has a comment that the database would run.", remedy="Leave it out.")
    plain = (_ESCAPED if mysql else _QUOTED).sub(" ", sql)
    words = [word.upper() for word in _WORD.findall(plain)]
    if ";" in plain:
        raise QueryError("There is more than one statement.")
    if not words or words[0] not in begins:
        raise QueryError(
            f"The statement begins with {words[0] if words else sql[:20]!r}.", remedy=f"Begin with {' or '.join(sorted(begins))}."
        )
    found = next((word for word in words if word in refused), None)
    if found is not None or any(sign in plain for sign in "'\"`"):
        raise QueryError(
            f"The statement has {found or 'an open quote'}, and only reading is allowed.",
            remedy="Leave it out; a column of that name is written in quotes.",
        )
