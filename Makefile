.DEFAULT_GOAL := help
.PHONY: help test race lint bench demo golden alter-oracle kill-alter interop ci torture torture-quick torture-kill torture-damage torture-disk torture-model torture-lives torture-crashes torture-packages torture-report hostile

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

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

interop: ## files read by other tools and theirs by stoa, cell by cell, into docs/interop.md (needs Python; Spark needs Java)
	scripts/interop/interop.sh

# The long forms of the tests of reliability (docs/reliability.md). TORTURE says how many times as long; FOR, such as 10m, bounds each test of internal/torture and the random lives.
TORTURE ?= 1
RESULTS := $(CURDIR)/docs/reliability.jsonl
OUTSIDE = STOA_TORTURE_REPORT=$(RESULTS) STOA_TORTURE=$(TORTURE) nice -n 19 go test -count=1 -timeout 72h -v ./internal/torture -torture.seed $(SEED) $(if $(FOR),-torture.for $(FOR))
NOTE = nice -n 19 go run ./internal/torture/reliability -file $(RESULTS) -long

torture: torture-kill torture-damage torture-disk torture-model torture-packages torture-report ## everything that tries to lose data, for hours, at the lowest priority

torture-quick: ## the quick forms from outside, with their results noted
	STOA_TORTURE_REPORT=$(RESULTS) go test -count=1 -v ./internal/torture

torture-kill: ## kills processes, 10,000 times
	$(OUTSIDE) -run '^TestKill$$'

torture-damage: ## damages files 100,000 times, cuts logs, and recovers a log of 1 GiB
	$(OUTSIDE) -run '^Test(Flips|FlipsOfProcesses|LogCuts|Segments|Recovery)$$'

torture-disk: ## fills disks, 100 times (as root)
	$(OUTSIDE) -run '^Test(DiskFull|FileSizeLimit|NoRights)$$'

# The collector runs seldom, and nobody asks where memory was allocated, which is a seventh of the time: a life allocates several GB and holds some MB.
MODEL = go test -count=1 -timeout 72h -v . -torture.seed $(SEED) $(if $(FOR),-torture.for $(FOR))
torture-model torture-lives torture-crashes: export GOGC = 400
torture-model torture-lives torture-crashes: export GODEBUG = memprofilerate=0

torture-lives: ## random lives of 5,000 operations, N of them or as many as FOR allows: make torture-lives FOR=5h
	$(NOTE) -run TestTortureModel -counted ': ([0-9]+) lives of' -unit "lives of 5,000 operations" -seed $(SEED) -- $(MODEL) -run '^TestTortureModel$$' -torture.n $(or $(N),10000) -torture.ops 5000

torture-crashes: ## a run of 500 operations, crashed before every call, and so every recovery
	$(NOTE) -run TestTortureCrash -count 1 -unit "run of 500 operations with every call crashed, and every call of every recovery" -noted '500 operations, (.*)' -seed $(SEED) -- $(MODEL) -run '^TestTortureCrash$$' -torture.crashops 500 -torture.deep 1

torture-model: torture-lives torture-crashes ## random operations, crashes, errors and concurrency in process
	$(NOTE) -run TestTortureCrash -count 100000 -counted '([0-9]+) of [0-9]+ seeds in the time' -unit "runs of 4 operations with every call crashed" -- $(MODEL) -run '^TestTortureCrash$$' -torture.crashes 100000 -torture.crashops 4
	$(NOTE) -run TestTortureFaults -count 1 -unit "episode with every fault at every call" -- go test -count=1 -timeout 72h -run '^TestTortureFaults' . -torture.episodes -1
	$(NOTE) -run "TestTortureConcurrent and the rest of the root package" -- go test -race -count=1 -timeout 72h -run '^TestTorture(Conc|Hist|Read)' . -torture.writes 1000

torture-packages: ## the packages' own long forms
	for p in wal store vfs flush parquetio sql/copyio; do STOA_TORTURE=$(TORTURE) $(NOTE) -run "package $$p" -- go test -count=1 -timeout 72h ./$$p || exit 1; done

hostile: ## statements that ask for too much of tables of N rows, and statements that are cancelled: make hostile N=1000000, on an idle machine
	STOA_HOSTILE_ROWS=$(or $(N),1000000) go test -count=1 -timeout 1h -v -run '^Test(HostileStatements|HundredMillionGroups|Cancel.*)$$' ./sql/exec

torture-report: ## the results into docs/reliability.md
	go run ./internal/torture/reliability -file $(RESULTS) -write docs/reliability.md

ci: ## what decides whether a change lands
	bash .ci/run
