"""Workspaces, users, API keys, roles and permissions, sign-in, the audit trail, and the events that tell other processes of changes."""
