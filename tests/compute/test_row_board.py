"""The board tells which rows run and since when, whenever it is read."""

import os
import subprocess
import sys
import time

from flowyard.compute.rows.wire import Board

WRITER = """
import sys, time
from flowyard.compute.rows.wire import Board
board = Board(int(sys.argv[1]), 2)
until = time.monotonic() + 1.0
row = 0
while time.monotonic() < until:
    row += 1
    board.begin(1, row, time.monotonic_ns())
    board.end(1)
    board.begin(1, row + 1_000_000, time.monotonic_ns())
"""


def test_a_slot_says_its_row_until_the_row_ends() -> None:
    board = _board(2)
    board.begin(1, 7, 123)
    assert board.running() == {7: 123}
    board.end(1)
    assert board.running() == {}
    board.close()


def test_a_row_that_begins_while_one_looks_never_seems_to_have_run_for_long() -> None:
    memory = os.memfd_create("board")
    os.ftruncate(memory, Board.size(2))
    board = Board(memory, 2)
    began = time.monotonic_ns()
    looks = 0
    with subprocess.Popen([sys.executable, "-c", WRITER, str(memory)], pass_fds=(memory,)) as writer:
        while writer.poll() is None:
            assert all(at >= began for at in board.running().values())
            looks += 1
    assert (writer.returncode, looks > 1000) == (0, True)
    board.close()
    os.close(memory)


def _board(slots: int) -> Board:
    memory = os.memfd_create("board")
    os.ftruncate(memory, Board.size(slots))
    board = Board(memory, slots)
    os.close(memory)
    return board
