"""Benchmarks: each figure stands beside a peer or a floor that was measured in the same run, and is printed as a ratio."""
