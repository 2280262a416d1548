"""A message that no person would write must not stop the program for everybody else."""

from __future__ import annotations

import subprocess
import sys

# A process of its own can be given up: one regular expression holds the interpreter until it is done.
UNITS = [
    *("a", "a1", "1a", "a_", "_a", "a.", "a@", "A-", "1 ", "+49 ", "12/12/"),
    *("ß", "\u3389", "\ufdfa", "\ufb03", "e\u0301"),  # letters that stand for several, and one of two signs
]


def test_twenty_thousand_characters_of_anything_are_redacted_in_time() -> None:
    told = (
        "from coach.domain.redact import redact\n"
        f"for unit in {UNITS!r}:\n"
        "    text = 'My team. ' + unit * (19_900 // len(unit))\n"
        "    found = redact(text, ['Dana Okafor'])\n"
        "    assert found.restore(found.text) == text, unit\n"
    )
    # Two seconds of work. Before letters were read without going back, one of these took more than a minute.
    subprocess.run([sys.executable, "-c", told], check=True, timeout=60)
