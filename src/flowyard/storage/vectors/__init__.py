"""Indexes of chunks in LanceDB: a table each, in a folder or an object store."""
