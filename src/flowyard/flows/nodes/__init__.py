"""The kinds of nodes: python tools, prompts, language models. Each turns a node's definition into something that can be called."""
