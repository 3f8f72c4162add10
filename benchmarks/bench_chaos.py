"""A thousand deaths: processes killed at named steps and at random moments, judged after each.

    python benchmarks/bench_chaos.py [deaths] [seed] [file|postgres]

On a ledger in a file, or on a server that ends and starts again meanwhile, with every other warehouse
held by one process for several others. Prints how many died, what they broke and lost (nothing, or every fault), and the time.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.script import told_by

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 7
PLACE = sys.argv[3] if len(sys.argv) > 3 else "file"


def main() -> None:
    storm = told_by("chaos.storm", KILLS, SEED, PLACE)
    faults = storm.pop("faults")
    for name, figure in storm.items():
        print(f"{name}: {figure if not isinstance(figure, list) else ', '.join(figure) or 'none'}")
    print("\n".join(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
