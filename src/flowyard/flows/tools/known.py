"""Tools that flows in the wild name and that need no package here, and those that need one, with its name on the package index."""

from collections.abc import Mapping
from typing import Any

from flowyard.foundation.errors import nearest

#: Package tools of promptflow-tools that are LLM nodes by another name. They run on any connection that has models.
MODEL_TOOLS = frozenset(
    {
        "promptflow.tools.llm.llm",
        "promptflow.tools.llm_vision.llm_vision",
        "promptflow.tools.aoai_gpt4v.AzureOpenAI.chat",
        "promptflow.tools.openai_gpt4v.OpenAI.chat",
    }
)
EMBEDDING = "promptflow.tools.embedding.embedding"
BUILT_IN = MODEL_TOOLS | {EMBEDDING}

_MODELS = ["AzureOpenAIConnection", "OpenAIConnection", "ServerlessConnection"]
_CALL: dict[str, dict[str, Any]] = {
    "connection": {"type": _MODELS},
    "deployment_name": {"type": ["string"], "default": ""},
    "model": {"type": ["string"], "default": ""},
}
_PARAMETERS: dict[str, dict[str, Any]] = {
    "temperature": {"type": ["double"], "default": 1},
    "top_p": {"type": ["double"], "default": 1},
    "max_tokens": {"type": ["int"], "default": ""},
    "stop": {"type": ["list"], "default": ""},
    "presence_penalty": {"type": ["double"], "default": ""},
    "frequency_penalty": {"type": ["double"], "default": ""},
    "seed": {"type": ["int"], "default": ""},
    "response_format": {"type": ["object"], "default": ""},
    "tools": {"type": ["list"], "default": ""},
    "tool_choice": {"type": ["object"], "default": ""},
}


def built_in_tools() -> dict[str, dict[str, Any]]:
    """Return the definitions of the tools that need no package."""
    api = {"api": {"type": ["string"], "enum": ["chat", "completion"], "default": "chat"}}
    found: dict[str, dict[str, Any]] = {
        EMBEDDING: {
            "name": "Embedding",
            "type": "python",
            "inputs": {**_CALL, "input": {"type": ["string"]}},
            "description": "A text's vector.",
        }
    }
    for tool in sorted(MODEL_TOOLS):
        own = api if tool.endswith(".llm") else {"detail": {"type": ["string"], "default": "auto"}}
        found[tool] = {
            "name": tool.split(".")[2],
            "type": "custom_llm",
            "description": "A prompt's answer by a language model.",
            "inputs": {**_CALL, **own, **_PARAMETERS},
        }
    for tool, said in found.items():
        module, _, function = tool.rpartition(".")
        said |= {"module": module, "function": function, "package": "flowyard"}
    return found


#: Tools of promptflow-tools that call a cloud service: what a flow does instead.
CLOUD_TOOLS = {
    "promptflow.tools.serpapi.SerpAPI.search": "Call the search service from a Python node with a `serp` connection.",
    "promptflow.tools.azure_content_safety.analyze_text": "Call the service from a Python node with an `azure_content_safety` connection.",
    "content_safety_text.tools.content_safety_text_tool.analyze_text": "Call the service from a Python node with an "
    "`azure_content_safety` connection.",
    "promptflow.tools.open_model_llm.OpenModelLLM.call": "Write it as an LLM node with a `serverless` connection to the endpoint.",
}

#: The first part of tool ids to the package that has them.
_PACKAGES = {
    "promptflow_vectordb": "promptflow-vectordb",
    "language_tools": "promptflow-azure-ai-language",
    "llmlingua_promptflow": "llmlingua-promptflow",
    "content_safety_text": "promptflow-contentsafety",
}
#: What a package needs beside it and does not say: numpy 1, which it asks for, does not go with later versions of pyarrow.
_BESIDE = {"promptflow-vectordb": ' "pyarrow<18"'}


def remedy_for(tool_id: str, known: tuple[str, ...], broken: Mapping[str, str]) -> str:
    """Return what to do about a tool id that no installed package has."""
    if tool_id in CLOUD_TOOLS:
        return CLOUD_TOOLS[tool_id]
    package = _package_of(tool_id)
    failed = next((f"{name}: {reason}" for name, reason in broken.items() if name.replace("-", "_") == package.replace("-", "_")), None)
    if failed:
        return f"Its package is installed and cannot be used: {failed}"
    like = nearest(tool_id, [*known, *BUILT_IN])
    line = f"pip install {package}{_BESIDE.get(package, '')}"
    install = f"Install its package into the flow's environment: {line} (and add it to the flow's requirements.txt)."
    return f"Did you mean {like!r}? Otherwise: {install}" if like else install


def _package_of(tool: str) -> str:
    """Return the likely package of a tool's id."""
    head = tool.partition(".")[0]
    return _PACKAGES.get(head, head.replace("_", "-"))
