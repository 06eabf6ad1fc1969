"""The graph of a flow, apart from running it: pure functions over names."""
