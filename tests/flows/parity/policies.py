"""Node policies that prompt flow does not know and ignores."""

from parity.cases import ECHO, Case, flow, node

CASES = [
    Case(name="enable_cache", flow=flow(node("n", x=1, enable_cache=True), outputs={"o": "${n.output}"}), files={"echo.py": ECHO}),
    Case(
        name="a retry that is not needed",
        flow=flow(node("n", x=1, retry={"max_attempts": 3, "delay_s": 0}), outputs={"o": "${n.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="a time limit that is not reached",
        flow=flow(node("n", x=1, timeout_s=30), outputs={"o": "${n.output}"}),
        files={"echo.py": ECHO},
    ),
]
