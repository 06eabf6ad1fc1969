"""Judges: evaluators that ask a model. Their prompts are the ``.prompty`` files in `prompts`."""
