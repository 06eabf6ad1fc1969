"""Makes prompties for tests."""

from pathlib import Path
from typing import Any

from flowyard.flows import load_flow
from support.flow_folders import scripted

HEAD = """---
name: Ask
description: A question.
model:
  api: {api}
  configuration:
    connection: model
    model: scripted
  parameters:
    temperature: 0
    {parameters}
{model}{rest}
---
{body}"""
QUESTION = "inputs:\n  question: {type: string}"
BODY = "system:\nYou are.\nuser:\n{{question}}\n"


def prompty(
    folder: Path, *, body: str = BODY, rest: str = QUESTION, parameters: str = "", model: str = "", api: str = "chat", **files: str
) -> Path:
    """Write ``ask.prompty`` with its model behind the connection ``model``."""
    folder.mkdir(exist_ok=True)
    file = folder / "ask.prompty"
    file.write_text(HEAD.format(body=body, rest=rest, parameters=parameters, model=f"  {model}\n" if model else "", api=api))
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return file


def load(file: Path, script: str = "rules: [{echo: true}]", **options: Any) -> Any:
    return load_flow(file, scripted(script), **options)
