"""Prompt templates: sandboxed Jinja, compiled so that text from outside can be told from what the template's author wrote.

Every expression that carries outside text (a flow input, a model's answer) is wrapped, line by line, in invisible marks that nobody
outside the process can know. `roles` reads role lines only where no mark is, so outside text never becomes a message role; then
the marks are removed. The marks travel inside a prompt node's output (`PromptText`) to the node that it feeds.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from jinja2 import Environment, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from flowyard.flows.errors import TemplateError
from flowyard.foundation.errors import Location

Origin = Literal["author", "outside", "prompt"]
"""Where a template variable's text comes from: the flow's author (literals, python nodes), outside (flow inputs, models), or a prompt
node, whose text carries its own marks."""


def _mark() -> str:
    # Eight characters of the private use area: 100 random bits, untouched by upper(), trim() and the like.
    return "".join(chr(0xE000 + secrets.randbelow(6400)) for _ in range(8))


#: Around a whole value of one line; around each line of a value of several lines; after both.
ONE, PART, END = _mark(), _mark(), _mark()
_MARKS = re.compile(f"{ONE}|{PART}|{END}")
_SPLIT = re.compile(f"({ONE}|{PART}|{END})")
#: An image in a prompt; it is put on a line of its own, and the template keeps its lines.
_IMAGE = re.compile(r"!\[\s*image\s*\]\((\{\{\s*[^\s{}]+\s*\}\})\)")
_SAFE_NAMES = frozenset({"loop", "range", "dict", "lipsum", "cycler", "joiner", "namespace", "self", "true", "false", "none"})


class PromptText(str):
    """The text that a prompt node made. `marked` is the same text with the marks around what came from outside."""

    __slots__ = ("marked",)
    marked: str

    def __new__(cls, marked: str) -> "PromptText":
        """Make it from a rendered, marked text."""
        made = super().__new__(cls, unmark(marked))
        made.marked = marked
        return made

    @property
    def identity(self) -> list[str]:
        """What it is in every process, whose marks differ: its texts, and between them the kinds of marks."""
        kinds = {ONE: "one", PART: "part", END: "end"}
        return [kinds.get(piece, piece) if index % 2 else piece for index, piece in enumerate(_SPLIT.split(self.marked))]


def unmark(text: str) -> str:
    """Return `text` without marks."""
    return _MARKS.sub("", text) if ONE in text or PART in text or END in text else text


def wrap_outside(value: Any) -> str:
    """Return the text of `value` with marks around each line: a template's filter for outside text."""
    text = unmark(str(value))
    if not text:
        return ""
    if "\n" not in text and "\r" not in text:
        return f"{ONE}{text}{END}"
    return "".join(_wrap_line(line) for line in text.splitlines(keepends=True))


def _wrap_line(line: str) -> str:
    body = line.rstrip("\r\n")
    return f"{PART}{body}{END}{line[len(body) :]}" if body.strip() else line


def wrap_prompt(value: Any) -> str:
    """Return a text that carries its own marks; when cutting has broken their pairs, all of it counts as outside text."""
    text = value.marked if isinstance(value, PromptText) else str(value)
    depth = 0
    for found in _MARKS.finditer(text):
        depth += -1 if found.group() == END else 1
        if depth not in {0, 1}:
            return wrap_outside(text)
    return text if depth == 0 else wrap_outside(text)


class JoinedList(list[Any]):
    """A list that a template prints one item a line, as prompt flow does for chat histories and messages with images."""

    def __str__(self) -> str:
        return "\n".join(str(item) for item in self)


def joined(value: Any) -> Any:
    """Return `value` with every list in it as a `JoinedList`."""
    if isinstance(value, dict):
        return {key: joined(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return JoinedList(joined(item) for item in value)  # pyright: ignore[reportUnknownVariableType]
    return value


def images_on_lines(source: str, end: str) -> str:
    """Return a template with `end`, a line's end, before and after each of its images."""
    return _IMAGE.sub(lambda found: f"{end}{found[1]}{end}", source)


def image_variables(source: str) -> frozenset[str]:
    """Return the variables that a template shows as images: ``![image]({{x}})``."""
    return frozenset(found[1].strip("{} \t\n") for found in _IMAGE.finditer(source))


class _Sandbox(ImmutableSandboxedEnvironment):
    def __init__(self) -> None:
        super().__init__(trim_blocks=True, keep_trailing_newline=True, autoescape=False)
        self.filters["_outside"] = wrap_outside
        self.filters["_prompt"] = wrap_prompt


_environment: Environment | None = None


def _sandbox() -> Environment:
    global _environment  # noqa: PLW0603 - one environment, made when the first template is
    if _environment is None:
        _environment = _Sandbox()
    return _environment


class Template:
    """A compiled prompt template.

    Args:
        source: the template's text.
        origins: where the text of each variable comes from; a variable that is not named counts as outside.
        name: the file's name, for errors.
        images: put images on lines of their own, for a model that sees them.

    Raises:
        TemplateError: the text is no template.
    """

    def __init__(self, source: str, origins: Mapping[str, Origin], *, name: str = "template", images: bool = False) -> None:
        self.name = name
        self.source = source
        self._prompts = frozenset(variable for variable, origin in origins.items() if origin == "prompt")
        environment = _sandbox()
        text = images_on_lines(source, '{{ "\\n" }}') if images else source
        try:
            tree = environment.parse(text)
            _Guard(origins).guard(tree)
            self._template = environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise TemplateError(f"{error.message}.", location=Location(file=name, line=error.lineno)) from error

    def render(self, values: Mapping[str, Any]) -> str:
        """Return the marked text.

        Raises:
            TemplateError: an expression failed, or the sandbox refused it.
        """
        shown = {key: self._shown(key, value) for key, value in values.items()}
        try:
            return self._template.render(shown)
        except SecurityError as error:
            raise TemplateError(
                f"The sandbox refused: {error}.",
                remedy="Use the value itself, its items and filters; names that begin with an underscore are out of reach.",
                location=self._place(error),
            ) from error
        except JinjaError as error:
            raise TemplateError(f"{error}.", location=self._place(error)) from error
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise TemplateError(f"{type(error).__name__}: {error}.", location=self._place(error)) from error

    def _shown(self, name: str, value: Any) -> Any:
        """A prompt keeps its marks; a text that should have some and has none, from a record say, counts as outside text."""
        if isinstance(value, PromptText):
            return value.marked
        return wrap_outside(value) if isinstance(value, str) and name in self._prompts else value

    def _place(self, error: BaseException) -> Location:
        trace, line = error.__traceback__, None
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<template>":
                line = trace.tb_lineno
            trace = trace.tb_next
        return Location(file=self.name, line=line)


class _Guard:
    """Rewrites a template's tree: each printed expression goes through the filter that its origin asks for."""

    def __init__(self, origins: Mapping[str, Origin]) -> None:
        self._origins: dict[str, Origin] = {**dict.fromkeys(_SAFE_NAMES, "author"), **origins}
        self._macros: set[str] = set()

    def guard(self, tree: nodes.Template) -> None:
        self._macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        self._spread(tree)
        for output in tree.find_all(nodes.Output):
            output.nodes = [self._guarded(item) for item in output.nodes]

    def _spread(self, tree: nodes.Template) -> None:
        """Give loop and set variables the origin of what they are made from, until nothing changes."""
        for _ in range(50):
            before = dict(self._origins)
            for target, origin in self._assignments(tree):
                present = self._origins.get(target)
                self._origins[target] = origin if present is None else _worse(present, origin)
            if before == self._origins:
                return

    def _assignments(self, tree: nodes.Template) -> Iterator[tuple[str, Origin]]:
        for loop in tree.find_all(nodes.For):
            for name in _target_names(loop.target):
                yield name, self._origin(loop.iter)
        for assignment in tree.find_all(nodes.Assign):
            for name in _target_names(assignment.target):
                yield name, self._origin(assignment.node)
        for block in tree.find_all(nodes.AssignBlock):
            for name in _target_names(block.target):
                yield name, "prompt"
        for with_block in tree.find_all(nodes.With):
            for target, value in zip(with_block.targets, with_block.values, strict=True):
                for name in _target_names(target):
                    yield name, self._origin(value)

    def _origin(self, expression: nodes.Node) -> Origin:
        called = expression.node if isinstance(expression, nodes.Call) else None
        if isinstance(called, nodes.Name) and (called.name in self._macros or called.name == "caller"):
            return "prompt"
        names = {name.name for name in expression.find_all(nodes.Name)}
        if isinstance(expression, nodes.Name):
            names.add(expression.name)
        origin: Origin = "author"
        for name in names:
            origin = _worse(origin, self._origins.get(name, "outside"))
        return origin

    def _guarded(self, item: nodes.Expr) -> nodes.Expr:
        if isinstance(item, nodes.TemplateData | nodes.Const):
            return item
        origin = self._origin(item)
        if origin == "author":
            return item
        return nodes.Filter(item, "_outside" if origin == "outside" else "_prompt", [], [], None, None, lineno=item.lineno)


def _worse(one: Origin, other: Origin) -> Origin:
    rank: dict[Origin, int] = {"author": 0, "prompt": 1, "outside": 2}
    return one if rank[one] >= rank[other] else other


def _target_names(target: nodes.Node) -> list[str]:
    if isinstance(target, nodes.Name | nodes.NSRef):
        return [target.name]
    return [name.name for name in target.find_all(nodes.Name)]


def template_problem(source: str) -> tuple[str, int] | None:
    """Return what is wrong with a template's syntax and in which line, or None."""
    try:
        meta.find_undeclared_variables(_sandbox().parse(source))  # the compiler's pass finds unknown filters and tests
    except TemplateSyntaxError as error:
        return str(error.message), error.lineno
    except RecursionError:
        return "it is nested too deeply", 1
    return None


def template_variables(source: str) -> dict[str, int]:
    """Return the variables that a template needs, each with the line of its first use, in order; empty when it has a syntax error."""
    try:
        tree = _sandbox().parse(source)
        free = meta.find_undeclared_variables(tree)
    except (TemplateSyntaxError, RecursionError):
        return {}
    found: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in free and name.name not in _SAFE_NAMES:
            found.setdefault(name.name, name.lineno)
    return dict(sorted(found.items(), key=lambda item: item[1]))
