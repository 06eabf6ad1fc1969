"""The worker's process: jobs, and what keeps the platform as the database says it should be."""

from flowyard.server.mains.platform import begin, loading

with loading():
    from flowyard.wiring.worker import open_worker


def main() -> None:
    """Run jobs until SIGTERM."""
    child, platform = begin()
    with child.reporting(), open_worker(platform.settings, platform.host(), secret=platform.supervisor_token) as worker:
        worker.run(child)


if __name__ == "__main__":
    main()
