"""Retrieval-augmented generation: documents are cracked, cut into chunks, embedded, kept in an index, and searched."""
