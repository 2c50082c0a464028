# Countersign on a machine with Rust, a C linker, make and Python 3 with pip.

PYTHON ?= python3
CARGO ?= cargo
# One profile for everything: `verify` and `test` then share what they build.
PROFILE := --release --locked

# Where a surviving mutant would be a hole in the rules, not in a convenience.
MUTATED ?= model/src/admission/** src/json/** src/store/**
# Inputs for each property of `make fuzz`.
CASES ?= 100000

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: verify
verify: z3 ## explore, prove, weaken and replay: build, then `countersign check`
	$(CARGO) build $(PROFILE)
	$(CARGO) run $(PROFILE) --quiet -- check

.PHONY: test
test: z3 ## every test of every package, doc tests too
	$(CARGO) test $(PROFILE) --workspace

.PHONY: bench
bench: z3 ## every benchmark
	$(CARGO) bench --locked --workspace

.PHONY: fuzz
fuzz: z3 ## feed each reader CASES random inputs (default 100000)
	PROPTEST_CASES=$(CASES) $(CARGO) test $(PROFILE) --test fuzz

.PHONY: mutants
mutants: z3 ## mutate MUTATED and list the survivors; needs cargo-mutants
	@$(CARGO) mutants --version || { echo 'help: cargo install --locked cargo-mutants' >&2; exit 1; }
	$(CARGO) mutants --workspace --profile release --copy-vcs=true $(foreach glob,$(MUTATED),--file '$(glob)')

.PHONY: z3
z3: ## choose the Z3 to link: an installed one if new enough, else the pinned wheel
	@$(PYTHON) invariants/z3/set_up.py
