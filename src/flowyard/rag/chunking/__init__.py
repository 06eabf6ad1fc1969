"""Chunking: a document is tokenised once, and cut where its structure lets it."""
