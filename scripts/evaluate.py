"""`make eval`: the understanding report on the held-out messages, as the assistant would act: its thresholds, its words of danger."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from dialogs import emergency
from dialogs.rules import Rules

NLU = Path(__file__).parent.parent / "nlu"


def main() -> int:
    """The report's exit code."""
    rules = Rules()
    thresholds = {
        "--act": rules.act,
        "--lead": rules.lead,
        "--act-dialog": rules.act_dialog,
        "--offer": rules.offer,
        "--emergency": rules.emergency,
        "--emergency-words": rules.emergency_words,
    }
    with tempfile.TemporaryDirectory() as folder:
        cries = Path(folder) / "cries.json"
        cries.write_text(json.dumps(_cries(), ensure_ascii=False), "utf-8")
        command = [str(NLU / ".venv/bin/python"), "-m", "citizen_nlu.evaluate", "--cries", str(cries)]
        for name, value in thresholds.items():
            command += [name, str(value)]
        return subprocess.run(
            [*command, *sys.argv[1:]],
            cwd=NLU,
            check=False,
            env={"PYTHONPATH": f"{NLU.parent}:{NLU}", "OMP_NUM_THREADS": "1"},
        ).returncode


def _cries() -> dict[str, str]:
    """The held-out messages in which the words alone find a danger, with its kind."""
    found = {}
    for path in sorted((NLU / "data").glob("*/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                text = row.get("text") or ""
                if kind := emergency.detect(text):
                    found[text] = kind
    return found


if __name__ == "__main__":
    sys.exit(main())
