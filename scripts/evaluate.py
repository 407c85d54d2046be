"""`make eval`: the understanding report on the held-out messages, at exactly the thresholds the assistant acts at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dialogs.rules import Rules

NLU = Path(__file__).parent.parent / "nlu"


def main() -> int:
    """The report's exit code."""
    rules = Rules()
    command = [
        str(NLU / ".venv/bin/python"),
        "-m",
        "citizen_nlu.evaluate",
        "--act",
        str(rules.act),
        "--lead",
        str(rules.lead),
        "--act-dialog",
        str(rules.act_dialog),
        "--offer",
        str(rules.offer),
        "--emergency",
        str(rules.emergency),
        *sys.argv[1:],
    ]
    return subprocess.run(
        command, cwd=NLU, check=False, env={"PYTHONPATH": f"{NLU.parent}:{NLU}", "OMP_NUM_THREADS": "1"}
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
