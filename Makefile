.DEFAULT_GOAL := help
.PHONY: help test race lint bench demo golden ci

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

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

ci: ## what decides whether a change lands
	bash .ci/run
