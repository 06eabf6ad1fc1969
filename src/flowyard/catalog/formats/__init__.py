"""Formats of model files: what their headers say, and which of them run code when they are loaded. Nothing here loads a model."""
