"""Where the command ``flowyard`` begins. Only what the given words need is imported: ``--version`` imports nothing."""

import gc
import sys

from flowyard.foundation.version import __version__

# Every noun (or lone verb) with its module and the line that help shows. A module is imported when its noun is used.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("flowyard.cli.platform", "Start the platform on this machine"),
    "down": ("flowyard.cli.platform", "Stop the platform that runs in the home folder"),
    "status": ("flowyard.cli.platform", "Show the platform's processes"),
    "flow": ("flowyard.cli.flows", "Make, check and test flows"),
    "run": ("flowyard.cli.runs", "Run flows over many rows, look into runs and compare them"),
    "evaluator": ("flowyard.cli.evaluators", "Score answers: list, try and run evaluators"),
    "tool": ("flowyard.cli.tools", "Make, list and check tools of flows"),
    "model": ("flowyard.cli.models", "Look at, pull and remove models"),
    "data": ("flowyard.cli.data", "Keep data under names, in versions that never change"),
    "datastore": ("flowyard.cli.datastores", "Keep places with files: folders, buckets, containers, web addresses"),
    "index": ("flowyard.cli.indexes", "Build and search indexes of documents"),
    "apply": ("flowyard.cli.apply", "Make endpoints and deployments from Azure ML's YAML files"),
    "endpoint": ("flowyard.cli.endpoints", "Deploy and call real-time endpoints"),
    "notebook": ("flowyard.cli.notebooks", "Open Jupyter beside the flows"),
    "gateway": ("flowyard.cli.gateway", "Give models one name, with fallbacks, and see how calls fare"),
    "trace": ("flowyard.cli.traces", "Look at what ran: prompts, tokens, times"),
    "logs": ("flowyard.cli.logs", "Ask what ran in SQL"),
    "usage": ("flowyard.cli.usage", "Show tokens, costs, times and errors by model, user, endpoint, over time"),
    "telemetry": ("flowyard.cli.telemetry", "Say what of telemetry is kept and how long; verify its files"),
    "job": ("flowyard.cli.jobs", "Watch, cancel and resume long work"),
    "connection": ("flowyard.cli.connections", "Keep addresses and secrets of model providers"),
    "key": ("flowyard.cli.keys", "Make, limit and revoke API keys"),
    "limits": ("flowyard.cli.limits", "Limit what the workspace may use, and see what was used"),
    "user": ("flowyard.cli.users", "Let people in, with a role"),
    "access": ("flowyard.cli.access", "Say who sees which documents of indexes"),
    "cache": ("flowyard.cli.cache", "Look at and forget the kept results of nodes"),
    "env": ("flowyard.cli.environments", "Look at and remove the environments of flows' packages"),
    "db": ("flowyard.cli.database", "Migrate the metadata database"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line with `arguments` (default: the process's) and exit with its code.

    0: done; 1: it was tried and failed; 2: bad usage or invalid input; 130: interrupted.
    """
    words = sys.argv[1:] if arguments is None else arguments
    if words in (["--version"], ["-V"], ["version"]):
        sys.stdout.write(f"flowyard {__version__}\n")
        return
    gc.set_threshold(50_000)  # what is imported stays: to look for garbage in it seventy times takes longer than many a command
    from flowyard.cli.app import run

    run(words)
