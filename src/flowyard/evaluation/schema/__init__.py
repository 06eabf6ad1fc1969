"""JSON Schema: does a value fit."""
