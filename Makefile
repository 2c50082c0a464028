# Countersign on a machine with Rust, a C linker, make and Python 3 with pip.

PYTHON ?= python3
CARGO ?= cargo
# One profile for everything: `verify` and `test` then share what they build.
PROFILE := --release --locked

# Where a surviving mutant would be a hole in the rules, not in a convenience.
RULE_BOOK := model/src/{rulebook,rulebook/ruleset,rulebook/weakening,admission/guard,admission/step,admission/step/delivery,admission/world,admission/invariant,admission/message}.rs
RECORDS := model/src/session/{guard,judgement,step,step/opening,step/sealing,traffic,world,invariant,lemma,record}.rs
ATTACKER := model/src/dolev_yao/{claim,delivery,expression,judgement,knowledge,level,reveal,run}.rs
SCRIPTS := model/src/handshake/{facts,guard,script,script/*}.rs
# In a copy that has .z3 too, each mutant is built incrementally and without debug information. A
# run in which anything survives or hangs fails, and the next one is still to be made.
MUTATE := CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) mutants --copy-vcs=true --gitignore=false
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
mutants: z3 ## mutate rules, attacker, JSON reader, store and records; needs cargo-mutants
	@$(CARGO) mutants --version || { echo 'help: cargo install --locked cargo-mutants' >&2; exit 1; }
	@mkdir -p target/mutants
	-$(MUTATE) --package countersign-model --file '$(RULE_BOOK)' --output target/mutants/model
	-$(MUTATE) --package countersign-model --file '$(RECORDS)' --output target/mutants/records -- --lib --test session
	-$(MUTATE) --package countersign-model --file '$(ATTACKER)' --output target/mutants/attacker -- --lib --test handshake --test classics
	-$(MUTATE) --package countersign-model --file '$(SCRIPTS)' --output target/mutants/scripts -- --lib --test handshake
	-$(MUTATE) --package countersign --file 'src/json/**' --output target/mutants/json -- --lib json
	-$(MUTATE) --package countersign --file 'src/store/**' --output target/mutants/store -- --lib store
	-$(MUTATE) --package countersign --file 'src/session/**' --output target/mutants/session -- --lib session
	-$(MUTATE) --package countersign --file 'src/handshake/**' --output target/mutants/handshake -- --lib handshake

.PHONY: z3
z3: ## choose the Z3 to link: an installed one if new enough, else the pinned wheel
	@$(PYTHON) invariants/z3/set_up.py
