"""Evaluators: scores for what a model or a flow answered, computed or judged by a model."""
