"""Search of an index: by vectors, by words, by both; narrowed by filters and access tags; reranked."""
