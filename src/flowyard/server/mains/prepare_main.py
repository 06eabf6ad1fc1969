"""Makes a home folder ready before the platform starts, in a process of its own: the supervisor never opens the database.

``flowyard up`` gives the settings as JSON on standard input. It prints ``{"sign_in_url": …, "is_new": …}``, or problem details with exit
code 2.
"""

import sys

from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.server.mains.platform import Platform, loading


def main() -> None:
    """Prepare the home folder, or say what is in the way."""
    platform = decode(sys.stdin.buffer.read(), Platform)
    try:
        with loading():
            from flowyard.wiring.preparation import prepare

        sys.stdout.buffer.write(to_json(prepare(platform.settings, platform.public_url)))
    except FlowyardError as error:
        sys.stdout.buffer.write(to_json(error.problem()))
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
