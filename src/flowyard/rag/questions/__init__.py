"""Question sets: what is asked of documents, with what answers it."""
