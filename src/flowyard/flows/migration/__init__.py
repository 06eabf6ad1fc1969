"""Bringing flows over from prompt flow and Azure ML: what they need here, what differs, and whether a past run comes out the same."""
