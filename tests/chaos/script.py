"""What a module of this folder says when it is run as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]


def told_by(module: str, *said: object) -> Any:
    """The JSON document that it prints; its own words when it breaks."""
    command = (sys.executable, "-m", module, *map(str, said))
    paths = os.pathsep.join([str(TESTS), *(path for path in sys.path if path)])
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": paths}
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    return json.loads(ended.stdout)
