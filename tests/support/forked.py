"""Processes that begin as copies of one that has loaded the stores, for tests that start and kill many. They die as any other does."""

import multiprocessing

forked = multiprocessing.get_context("forkserver")
# What starts no threads, which a copy would not have, or minds that itself, as Arrow's allocator does.
# To load it takes a second of processor time, once for each worker of a run.
forked.set_forkserver_preload(
    [
        "duckdb",
        "pyarrow.parquet",
        "flowyard.storage.engine",
        "flowyard.storage.telemetry.compaction",
        "flowyard.storage.telemetry.indexer",
        "flowyard.storage.telemetry.segments",
        "flowyard.rag.building.job",
        "flowyard.storage.sql.indexes",
        # What takes long of lancedb, which starts threads itself.
        "lance_namespace",
        "pandas",
        "pyarrow.dataset",
    ]
)
