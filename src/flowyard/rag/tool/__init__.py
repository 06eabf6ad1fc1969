"""What flows see of indexes: the files that name one (``MLIndex``), the kinds of search, and the entities that a lookup returns."""
