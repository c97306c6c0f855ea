# Every target is one call of a script, so that what make does can be done without it.
# ARGS goes to the command of `make run`: make run ARGS=--once

.DEFAULT_GOAL := help
.PHONY: help run test release deb bench schema chaos verify sanitize format lint api docs clean

help: ## list these targets
	@scripts/help

run: ## install what is missing, build, and run `eskiz demo` (ARGS=--once)
	@scripts/run $(ARGS)

test: ## install what is missing, build, and run every check that CI runs
	@.ci/test

release: ## a stripped binary with the Swift runtime inside: .build/release/eskiz
	@scripts/release

deb: ## a Debian package: .build/eskiz_VERSION_ARCHITECTURE.deb, and a try of it in a clean tree (as root)
	@scripts/deb
	@scripts/test-deb "$$(ls -t .build/eskiz_*.deb | head -n 1)"

bench: ## measure against bare HTTP and against the Python clients (ARGS=--help)
	@scripts/bench $(ARGS)

chaos: ## simulated worlds, power cuts, kills, a provider that fails (ARGS="--worlds 100000 --kills 2000 --faults 200", ARGS=--fleet, ARGS="--fleets 4")
	@scripts/chaos $(ARGS)

verify: ## a million racing checks, 10,000 timing samples, 200 kills of one-time codes (ARGS=--quick)
	@scripts/verify $(ARGS)

schema: ## schemathesis with all checks on the gateway's /openapi.json (ARGS="--examples 2000")
	@scripts/install-packages build test
	@swift build --product eskiz
	@scripts/schema $(ARGS)

sanitize: ## the tests under thread sanitizer and address sanitizer (two full builds)
	@scripts/sanitize $(ARGS)

format: ## format the sources, and the stylesheets and scripts of the pages, in place
	@scripts/format

lint: ## the checks that need no build: format and the house rules
	@.ci/lint

api: ## what breaks users of the libraries since the last version (ARGS=COMMIT: since another)
	@scripts/api-changes $(ARGS)

docs: ## the documentation of the libraries, in .build/docs; warnings are errors
	@scripts/docs

clean: ## delete what was built here
	@scripts/clean
