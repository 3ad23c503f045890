.DEFAULT_GOAL := help
.PHONY: help test race lint bench demo golden alter-oracle kill-alter ci

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

test: ## all tests
	go test ./...

race: ## all tests under the race detector
	go test -race ./...

lint: ## format, vet, staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	@test -x bin/staticcheck || GOBIN=$(CURDIR)/bin go install honnef.co/go/tools/cmd/staticcheck@v0.8.0
	bin/staticcheck ./...

bench: ## benchmarks of every package
	go test -run '^$$' -bench . -benchmem ./...

demo: ## a job history, flushed and queried
	go run ./cmd/stoa demo

golden: ## PostgreSQL 15's answers anew, into testdata (installs or uses a PostgreSQL 15)
	scripts/golden/golden.sh

SEED ?= 1
alter-oracle: ## N random sequences of ALTER TABLE from SEED on, against PostgreSQL 15: make alter-oracle SEED=1000 N=200
	dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && scripts/golden/alterrandom.py $(SEED) $(or $(N),100) "$$dir" | tail -n 1 && go test -count=1 -timeout 1h -run '^TestAlter$$' . -alterdir "$$dir"

kill-alter: ## kills ALTERs and migrations N times each at random moments: make kill-alter N=200
	go test -count=1 -timeout 1h -v -run '^TestKill(Alter|Migrate)$$' . -kills $(or $(N),200) -killseed $(SEED)

ci: ## what decides whether a change lands
	bash .ci/run
