# Two commands on a fresh machine: `make demo` and `make test`. PYTHON chooses the interpreter, 3.11 to 3.13.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test docs validate scoreboard gallery clean

demo: $(VENV)/installed
	$(BIN)/python experiments/dose_response.py --output results/dose_response

# Both parts share one compile cache, empty at the start unless ALLOTONE_CACHE names one.
test: $(VENV)/installed-test
	$(BIN)/ruff check src tests experiments docs benchmarks
	$(BIN)/ruff format --check src tests experiments docs benchmarks
	cache=$$(mktemp -d) && trap 'rm -rf "$$cache"' EXIT && export ALLOTONE_CACHE="$${ALLOTONE_CACHE:-$$cache}" && \
		$(BIN)/python -m pytest -n auto --dist loadfile -m "not alone" && $(BIN)/python -m pytest -m alone

# Every shipped network is run and held against published values, which takes minutes.
validate: $(VENV)/installed
	$(BIN)/allotone validate networks

# The same, written to docs/scoreboard_networks.md.
scoreboard: $(VENV)/installed
	$(BIN)/python docs/make_pages.py networks

# Every experiment of docs/gallery.md in its shipped size, half an hour; WHAT names some of them.
gallery: $(VENV)/installed
	$(BIN)/python docs/make_gallery.py $(WHAT)

# Pages and figures whose numbers come from the code, apart from those two.
docs: $(VENV)/installed
	for name in receptor_potency ipsc_prolongation tonic_current; do \
		$(BIN)/python experiments/$$name.py --output results/$$name && cp results/$$name.png docs/ || exit 1; \
	done
	$(BIN)/python docs/make_pages.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/installed

# Every workload against hand-written C++ and what else there is; the table is printed and kept in benchmarks/latest.md.
# WHAT names some of A B C D E F G start many.
.PHONY: bench
bench: $(VENV)/installed
	$(BIN)/python benchmarks/bench.py $(WHAT)

clean:
	rm -rf $(VENV) results/*.h5 results/*.png
