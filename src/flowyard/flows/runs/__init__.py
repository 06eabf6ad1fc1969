"""Runs: a flow over many rows. Rows come from data and other runs, go through a row map, and are recorded once each."""
