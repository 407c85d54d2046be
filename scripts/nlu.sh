#!/bin/sh
# The understanding service from a bare clone: environment, training where the data changed, server.
# `train` stops after training. Exit code 3: no Python 3.10 can be had on this machine.
set -eu
cd "$(dirname "$0")/.."
scripts/environment.sh nlu
PYTHONPATH="$PWD:$PWD/nlu${PYTHONPATH:+:$PYTHONPATH}"
export PYTHONPATH OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
cd nlu
.venv/bin/python -m citizen_nlu.train
[ "${1:-serve}" = train ] || exec .venv/bin/python -m citizen_nlu.serve
