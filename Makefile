# Countersign on a machine with Rust, a C linker, make and Python 3 with pip.

PYTHON ?= python3
CARGO ?= cargo
# One profile for everything: `verify` and `test` then share what they build.
PROFILE := --release --locked

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: verify
verify: z3 ## explore, prove, weaken and replay: `countersign check`
	$(CARGO) build $(PROFILE)
	@$(CARGO) run $(PROFILE) --quiet -- check

.PHONY: test
test: z3 ## every test of every package, doc tests too
	$(CARGO) test --workspace $(PROFILE)

.PHONY: z3
z3: ## choose the Z3 to link: an installed one if new enough, else the pinned wheel
	@$(PYTHON) invariants/z3/set_up.py
