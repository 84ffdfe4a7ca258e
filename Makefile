# Every command that a person types. `make` alone lists them.
# Kept to what GNU Make 3.81 understands, because macOS brings that one.

BIN     = .venv/bin
RUN     = $(BIN)/python
GRADER  = $(RUN) -m grader
# A value goes to a command in quotes, so that it may hold spaces; an empty one is left out.
quoted  = $(if $(1),"$(1)")

.DEFAULT_GOAL := help
.PHONY: help

help:
	@awk 'BEGIN { FS = ":.*## " } \
	    /^## / { printf "\n%s\n", substr($$0, 4) } \
	    /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo

## For learners
.PHONY: lab author progress submit setup clean

lab: setup  ## open the course in JupyterLab (LAB="--no-browser --port 9999")
	@$(RUN) -m byhand lab $(LAB)

author: setup  ## open solutions/, with a teacher's tools
	@$(RUN) -m byhand lab --author $(LAB)

progress: setup  ## what you have passed, and what is left
	@$(RUN) -m byhand progress

submit: setup  ## pack a chapter to hand it in: CHAPTER=01_neuron (STUDENT=ada)
	@$(GRADER) submit $(call quoted,$(CHAPTER)) $(if $(STUDENT),--student "$(STUDENT)")

setup: .venv/ready  ## install all into .venv (the other commands do this too)

clean:  ## remove .venv and caches; notebooks and class/ stay
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find $(wildcard lib grader tests benchmarks) -name __pycache__ -prune -exec rm -rf {} +

## For instructors (a class is a folder: class/, or CLASS=another)
.PHONY: collect due grade sandbox-check report formgrade export packages

collect: setup  ## sort your LMS's download into the class: ZIP=download.zip
	@$(GRADER) collect $(call quoted,$(ZIP)) $(call quoted,$(CLASS)) \
	    $(if $(HANDED_IN),--handed-in "$(HANDED_IN)")

due: setup  ## set a due date: CHAPTER=01_neuron DATE="2026-03-01 23:59"
	@$(GRADER) due "$(CHAPTER)" "$(DATE)" $(call quoted,$(CLASS)) $(if $(STUDENT),--student "$(STUDENT)")

grade: setup  ## mark a class; or one again: STUDENT=ada, CHAPTER=01_neuron
	@$(GRADER) grade $(call quoted,$(CLASS)) $(if $(JOBS),--jobs "$(JOBS)") $(if $(FRESH),--fresh) \
	    $(if $(STUDENT),--student "$(STUDENT)") $(if $(CHAPTER),--chapter "$(CHAPTER)")

report: setup  ## the class report: scores, and what was misunderstood
	@$(GRADER) report $(call quoted,$(CLASS))

formgrade: setup  ## mark the written answers in nbgrader's formgrader
	@$(GRADER) formgrade $(call quoted,$(CLASS))

export: setup  ## write the final marks: marks.csv, and for Moodle and Canvas
	@$(GRADER) export $(call quoted,$(CLASS))

sandbox-check: setup  ## try this machine's sandbox: CHAPTER=02_activations
	@$(GRADER) sandbox-check $(if $(CHAPTER),--chapter "$(CHAPTER)")

packages:  ## install bubblewrap; for the tests, Chromium and PostgreSQL
	@sh .ci/packages

## For authors
.PHONY: course exercise chapter gallery architecture syllabus test test-torch test-pyodide lint fmt bench bench-reference bench-explore mutants lock

course: setup  ## make course/ from solutions/; HANDOUT=folder: without answers
	@$(GRADER) course $(if $(HANDOUT),--handout "$(HANDOUT)")

exercise: setup  ## begin an exercise: NAME=softplus CHAPTER=activations
	@$(GRADER) exercise "$(NAME)" "$(CHAPTER)" $(if $(TOPIC),--topic "$(TOPIC)") $(if $(POINTS),--points "$(POINTS)")

chapter: setup  ## begin a chapter: NAME=games TITLE="…" TOPIC=… EXERCISE=…
	@$(GRADER) chapter "$(NAME)" "$(TITLE)" "$(TOPIC)" "$(EXERCISE)" $(if $(POINTS),--points "$(POINTS)")

gallery: setup  ## all pictures and all kinds of reports on one page
	@$(RUN) docs/gallery.py

architecture: setup  ## draw what imports what into docs/architecture.md
	@$(RUN) docs/draw_architecture.py

syllabus: setup  ## what the course asks for, counted, a row a chapter
	@$(GRADER) syllabus

# For some tests only what these need is installed: tests/conftest.py asks their markers.
test: setup $(if $(TEST),,packages) lint  ## check everything (or some: TEST="tests/checking -x")
	$(RUN) -m pytest --install -n 2 --dist worksteal $(TEST)

# PyTorch is large and nobody else needs it, so it is not locked. Plain `torch` from the Linux registry is a build with
# several GB of CUDA; TORCH="--index-url ADDRESS" takes the CPU build from the address that pytorch.org names.
test-torch: setup  ## hold the reference to PyTorch, installed first
	@$(RUN) -c "import torch" 2>/dev/null || $(RUN) -m pip install --quiet $(TORCH) "torch==2.13.0"
	$(RUN) -m pytest -p no:cacheprovider tests/against_torch

# Pyodide is Python in a web browser; here it runs under Node.
test-pyodide: setup  ## run every check in Pyodide, under Node (not in make test)
	@runtime=$$($(RUN) tests/pyodide/prepare.py) && node tests/pyodide/run.mjs "$$runtime" "$$PWD" \
	    "$$($(RUN) -c 'import pytest, pathlib; print(pathlib.Path(pytest.__file__).parents[1])')" tests/pyodide/in_pyodide.py

lint: setup  ## check the code's style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fmt: setup  ## mend the code's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## time grading beside stock nbgrader (or CLASS=1000, KILLS=20)
	$(RUN) benchmarks/$(bench)

bench = $(if $(KILLS),kills.py --kills "$(KILLS)",$(if $(CLASS),$(bench-class),grading.py $(if $(TURNS),--turns "$(TURNS)")))
bench-class = large_class.py --submissions "$(CLASS)"

bench-reference: setup  ## time the reference beside PyTorch (BEFORE=fcd79d0)
	@$(RUN) -c "import torch" 2>/dev/null || $(RUN) -m pip install --quiet $(TORCH) "torch==2.13.0"
	@$(RUN) -m pip show --quiet numpy-ml 2>/dev/null || $(RUN) -m pip install --quiet --no-deps "numpy-ml==0.1.2"
	$(RUN) benchmarks/reference.py $(if $(BEFORE),--before "$(BEFORE)") $(if $(TURNS),--turns "$(TURNS)")

mutants: setup  ## find slips that a check lets pass (CHAPTER=03_backprop)
	@nice -n 19 $(RUN) tests/exercises/mutants/survive.py $(call quoted,$(CHAPTER))

# ipympl is what explorables are measured against, and nobody else needs it.
bench-explore: setup packages  ## time sliders beside ipywidgets and ipympl
	@$(RUN) -c "import ipympl" 2>/dev/null || $(RUN) -m pip install --quiet "ipympl==0.10.0"
	$(RUN) benchmarks/explorables.py

# rfc3987-syntax, and lark for it, would only check the form of web addresses in events that nobody here sends; it
# builds a parser at each import, which makes JupyterLab, nbgrader and every command of ours start twice as slowly.
lock: setup  ## lock versions for pyproject.toml (newer ones: LOCK=--upgrade)
	$(BIN)/uv pip compile pyproject.toml --extra lab --extra grader --group dev --universal --python-version 3.11 --generate-hashes \
	    --quiet --no-header --no-emit-index-url --no-annotate --no-emit-package rfc3987-syntax --no-emit-package lark \
	    $(LOCK) -o requirements.txt

# `.venv/ready` is written last and names the folder that it was made in. It is made again when what to install
# changes, when the folder has moved (an environment does not survive that), and when its Python has gone.
ifneq ($(shell test -x $(RUN) && cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif

.venv/ready: requirements.txt pyproject.toml
	@sh .ci/setup
