"""A shared ledger whose line is cut at its statements, whose server ends, or is replaced by a standby.

    python benchmarks/bench_servers.py [cuts] [restarts] [failovers] [seed]

With `all` in the place of the cuts, every statement of a correction is cut, at all three moments.
Prints how many there were of each, and what did not hold afterwards (nothing, or every fault).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.script import told_by

ASKED = dict(enumerate(sys.argv))
CUTS, RESTARTS = ASKED.get(1, "200"), int(ASKED.get(2, 60))
FAILOVERS, SEED = int(ASKED.get(3, 10)), int(ASKED.get(4, 7))


def main() -> None:
    every = ["all"] if CUTS == "all" else []
    told = [
        told_by("chaos.severed", 0 if every else CUTS, SEED, *every),
        told_by("chaos.takeover", RESTARTS, FAILOVERS, SEED),
    ]
    faults = [fault for one in told for fault in one.pop("faults")]
    for one in told:
        for name, figure in one.items():
            print(f"{name}: {figure}")
    print(f"violations: {len(faults)}", *faults, sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
