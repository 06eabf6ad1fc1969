"""Run all benchmarks, or those whose names are given: ``python -m benchmarks [startup flow_test runs ...]``."""

import platform
import sys
import time
from importlib import import_module

from benchmarks.harness import raise_file_limit

NAMES = (
    "startup",
    "flow_test",
    "score",
    "gateway",
    "deploy",
    "local_model",
    "telemetry",
    "telemetry_questions",
    "telemetry_cost",
    "intake",
    "ingest",
    "runs",
    "evaluators",
    "trace_page",
    "studio",
    "near_duplicates",
    "data_preview",
    "datastores",
    "rag_search",
    "rag_build",
    "rag_embed",
    "rag_quality",
)
#: What takes hours: it runs only when it is named.
LONG = ("telemetry_soak",)


def main(names: list[str]) -> int:
    """Print a table; exit code 2 for a name that is not there."""
    unknown = [name for name in names if name not in (*NAMES, *LONG)]
    if unknown:
        sys.stderr.write(f"no such benchmark: {', '.join(unknown)}; there are {', '.join((*NAMES, *LONG))}\n")
        return 2
    raise_file_limit()
    machine = platform.processor() or platform.machine()
    print(f"{machine}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}. Compare ratios only.")
    for name in names or NAMES:
        print(f"\n{name}: {(import_module(f'benchmarks.{name}').__doc__ or '').strip().splitlines()[0]}", flush=True)
        for figure in import_module(f"benchmarks.{name}").figures():
            print("  " + figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
