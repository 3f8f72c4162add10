"""Eight processes want the same night at the same moment; then live nights beside a backfill.

Prints how often each partition was published, what everybody saw, and who waited longest.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.script import told_by

PROCESSES, ROUNDS = 8, 5
NIGHTS, LIVE = 30, 4


def main() -> None:
    errors = 0
    for seen in told_by("chaos.rush", PROCESSES, ROUNDS):
        errors += len(seen["errors"])
        print(
            f"{PROCESSES} processes, {len(seen['published'])} partitions, each published"
            f" {min(seen['published'])} to {max(seen['published'])} times; {', '.join(seen['outcomes'])};"
            f" longest wait {seen['longest wait, seconds']} s of {seen['seconds']} s;"
            f" errors: {seen['errors'] or 'none'}"
        )
    seen = told_by("chaos.beside", NIGHTS, LIVE)
    errors += len(seen["errors"])
    print(f"backfill beside {LIVE} live nights: {seen['backfill']}")
    print(f"  who does not wait: {seen['without waiting']['refused']}")
    for one in seen["live"]:
        print(f"  live: waited {one['waited_s']} s, {', '.join(one['outcomes'])}")
    print(f"  errors: {seen['errors'] or 'none'}")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
