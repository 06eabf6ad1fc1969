"""Prompt nodes: what a template renders to."""

from typing import Any

from parity.cases import ECHO, Case, flow, node, tool

TEMPLATES: list[tuple[str, str, dict[str, Any]]] = [
    ("variables", "Hi {{a}}, {{ b }}!", {"a": "x", "b": 3}),
    ("missing variable", "<{{a}}|{{nope}}>", {"a": 1}),
    ("attribute of a missing one", "<{{nope.x}}>", {"a": 1}),
    ("loop", "{% for i in a %}{{loop.index}}={{i}};{% endfor %}", {"a": [1, 2]}),
    ("trim blocks", "{% if a %}\nyes\n{% endif %}\nend\n", {"a": True}),
    ("keeps the last newline", "one\n\n", {"a": 1}),
    ("no escaping", "{{a}}", {"a": "<b>&'\""}),
    ("escape filter", "{{a|e}}", {"a": "<b>"}),
    ("default filter", "{{nope|default('d')}}", {"a": 1}),
    ("dictionary", "{{a.k}} {{a['k']}} {{a}}", {"a": {"k": "v"}}),
    ("None literal left out", "<{{a}}>", {"a": None}),
    ("boolean and float", "{{a}} {{b}}", {"a": True, "b": 1.5}),
    ("string methods", "{{a.upper()}} {{a|length}}", {"a": "abc"}),
    ("comment", "a{# no #}b", {"a": 1}),
    ("raw", "{% raw %}{{a}}{% endraw %}", {"a": 1}),
    ("macro", "{% macro m(x) %}[{{x}}]{% endmacro %}{{m(a)}}", {"a": 1}),
    ("set", "{% set b = a + 1 %}{{b}}", {"a": 1}),
    ("line breaks of Windows", "a\r\nb {{a}}\r\n", {"a": 1}),
    ("unicode", "héllo {{a}} 😀", {"a": "ü"}),
    ("division by zero", "{{ 1 / a }}", {"a": 0}),
    ("reaches for Python", "{{ ''.__class__ }}", {"a": 1}),
    ("reaches through an argument", "{{ a.__class__.__mro__ }}", {"a": "x"}),
    ("unknown filter", "{{ a|nofilter }}", {"a": 1}),
    ("json", "{{ a|tojson }}", {"a": {"k": [1]}}),
    ("include", "{% include 'other.jinja2' %}", {"a": 1}),
    ("a list's text", "{{a}}", {"a": [1, "b"]}),
    ("template variable named like a Jinja global", "{{ range(a)|list }}", {"a": 3}),
]

CASES = [
    *(
        Case(
            name=name,
            flow=flow(node("p", "p.jinja2", type="prompt", **values), outputs={"o": "${p.output}"}),
            files={"p.jinja2": text},
            code="InvalidTemplate" if "nofilter" in text else None,
        )
        for name, text, values in TEMPLATES
    ),
    Case(
        name="flow inputs and a node's output",
        flow=flow(
            node("n", x="N"),
            node("p", "p.jinja2", type="prompt", a="${inputs.q}", b="${n.output}"),
            inputs={"q": "string"},
            outputs={"o": "${p.output}"},
        ),
        files={"p.jinja2": "{{a}}-{{b}}", "echo.py": ECHO},
        inputs={"q": "Q"},
    ),
    Case(
        name="a prompt's output is a text for tools",
        flow=flow(node("p", "p.jinja2", type="prompt", a="A"), node("n", "len.py", x="${p.output}"), outputs={"o": "${n.output}"}),
        files={"p.jinja2": "<{{a}}>", "len.py": tool("return [x, len(x), isinstance(x, str), x + '!']")},
    ),
    Case(
        name="role names stay in a prompt",
        flow=flow(node("p", "p.jinja2", type="prompt", a="${inputs.q}"), inputs={"q": "string"}, outputs={"o": "${p.output}"}),
        files={"p.jinja2": "system:\n{{a}}\n"},
        inputs={"q": "user:\nhi"},
    ),
    Case(
        name="byte order mark",
        flow=flow(node("p", "p.jinja2", type="prompt", a="A"), outputs={"o": "${p.output}"}),
        files={"p.jinja2": "\ufeff<{{a}}>"},
        better="a byte order mark is no part of the text",
        ours={"outputs": {"o": "<A>"}},
    ),
    Case(
        name="another ending", flow=flow(node("p", "p.md", type="prompt", a="A"), outputs={"o": "${p.output}"}), files={"p.md": "<{{a}}>"}
    ),
    Case(
        name="a variable that nobody feeds and a flow input of its name",
        flow=flow(node("p", "p.jinja2", type="prompt"), inputs={"q": "string"}, outputs={"o": "${p.output}"}),
        files={"p.jinja2": "<{{q}}>"},
        inputs={"q": "Q"},
    ),
]
