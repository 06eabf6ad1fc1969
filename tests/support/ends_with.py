"""Becomes another program that ends when the process that asked for it ends, however that ends. Elsewhere than on Linux it only becomes it.

Arguments: the id of that process, the program, its arguments.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        # It stays through exec.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):
            sys.exit("whoever asked for it has ended")
    os.execv(command[0], command)


main()
