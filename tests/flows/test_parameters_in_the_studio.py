"""The studio's table of parameters of LLM nodes is the engine's."""

import re
from pathlib import Path

from flowyard.flows.nodes.parameters import PARAMETERS

TABLE = Path(__file__).parents[2] / "studio" / "src" / "features" / "flows" / "logic" / "parameters.ts"


def test_the_studio_knows_the_parameters_that_nodes_send() -> None:
    text = TABLE.read_text()
    rows = re.findall(r'^  \{ name: "(\w+)"', text, re.MULTILINE)
    names = re.search(r"MODEL_INPUTS: readonly string\[\] = \[(.*?)\]", text)
    assert names is not None
    assert {*rows, *re.findall(r'"(\w+)"', names[1]), "stream"} == PARAMETERS
    assert len(rows) == len(set(rows)) > 15
