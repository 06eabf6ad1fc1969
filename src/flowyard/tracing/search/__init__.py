"""The search expression of traces: read into a tree, which the store turns into its own language."""
