"""Write prompts/prompts.lock.json after a prompt got a new version.

    python scripts/lock_prompts.py            write it
    python scripts/lock_prompts.py --check    only say where it disagrees; exit code 1 then

It refuses to lock a prompt that changed without a new version and a line in its changelog. That holds for
what the embedded writer reads, below prompts/embedded, as well.
"""

from __future__ import annotations

import sys
from pathlib import Path

from coach.adapters import prompt_lock, prompt_waivers
from coach.errors import UserError

FOLDER = Path(__file__).resolve().parent.parent / "prompts"


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Exit code: 0 all is well, 1 the lock disagrees, 2 a prompt file is not right."""
    try:
        now, locked = prompt_lock.current(folder), prompt_lock.stored(folder)
    except (UserError, ValueError) as fault:
        print(fault, file=sys.stderr)
        return 2
    odd = [
        f"embedded/{path.name}, line {line}: {reason}."
        for path in prompt_lock.embedded_files(folder)
        for line, reason in prompt_waivers.faults(path)
    ]
    odd += [
        f"{prompt_lock.EMBEDDED}{path.name}: {reason}."
        for path in prompt_lock.embedded_files(folder)
        if (reason := prompt_lock.unexplained(path))
    ]
    if odd:
        print(*odd, sep="\n", file=sys.stderr)
        return 2
    faults = prompt_lock.faults(now, locked)
    if arguments != ["--check"]:
        unchanged = [n for n in now if n in locked and prompt_lock.same_version_other_text(now[n], locked[n])]
        faults = [found for found in faults if found.split()[0] in unchanged]
        if not faults:
            prompt_lock.write(folder, now)
    for found in faults:
        print(found, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
