"""Trying a model: what it does and how fast, with the evidence kept as a dated badge of this machine."""
