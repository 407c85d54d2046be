# `make run` and `make test` work from a bare clone; see README.md.
PYTHON := .venv/bin/python
NLU_PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)

.PHONY: help run test check train nlu eval eval-publish corrections bench root lock clean

help:
	@echo "make run    start the assistant: http://127.0.0.1:8080"
	@echo "make test   every test"
	@echo "make check  lint, types, import contracts, catalogues, content"
	@echo "make train  train the understanding model    make nlu   serve it alone"
	@echo "make eval   understanding report, compared with the published one (make eval-publish)"
	@echo "make bench  performance benchmarks (APPEALS=1000000: the registry at that size)"
	@echo "make corrections DO='export FILE.yml'   what was misunderstood, for review; DO='import FILE.yml' takes it in"

root:
	@scripts/environment.sh root

run: root
	@exec $(PYTHON) -m bot

test: root
	@scripts/nlu.sh train || [ $$? -eq 3 ]
	$(PYTHON) -m pytest -n 2 --dist worksteal -q tests
	@if [ -x nlu/.venv/bin/python ]; then cd nlu && PYTHONPATH=$(CURDIR):$(CURDIR)/nlu $(NLU_PYTHON) -m pytest -q; \
	else echo "skipped: nlu/tests (no Python 3.10)"; fi

check: root
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m scripts.lint_content

train:
	@scripts/nlu.sh train

nlu:
	@scripts/nlu.sh serve

eval: root
	@scripts/nlu.sh train
	$(PYTHON) -m scripts.evaluate

eval-publish: root
	@scripts/nlu.sh train
	$(PYTHON) -m scripts.evaluate --publish

corrections: root
	@$(PYTHON) -m scripts.corrections $(DO)

bench: root
	@scripts/nlu.sh train
	$(PYTHON) -m benchmarks $(APPEALS)

lock:
	scripts/environment.sh lock

clean:
	rm -rf .venv nlu/.venv nlu/models .tools
