"""Where spans stay: spools become Parquet segments, a manifest says which ones count, DuckDB reads them.

| Object | What it is |
|---|---|
| spool | a file of frames that one process appends to (`tracing.spool`) |
| follower | reads what is new in one spool, and knows when its writer is gone |
| tail | the spans that are read but stand in no segment yet: in memory, answers queries too |
| segment | a Parquet file of one workspace's spans, sorted by trace, and beside it the sorted 64-bit ends of its trace ids |
| manifest | two tables of the metadata database: which segments count, and up to where each spool is in them |

A roll writes the tail as segments and then, in one transaction, adds them and moves the spools' positions. Killed before it, the files
belong to nobody and the spools are read again from the old positions; killed after it, nothing is missing. Whoever reads takes the
tail first and the manifest second, so a span that moves meanwhile is seen twice rather than never, and duplicates of
(trace, span) are removed on reading.
"""
