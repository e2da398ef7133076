# make run    build and start the exchange with its sandbox, data under ./data
# make test   check the format, build, and run all tests
# make bench  print the figures, with the machine and the commit, and which thresholds they reach;
#             Scripts/bench --check then ends with status 1 when one is missed
# make check  the format alone
# make fuzz   let Schemathesis look for mistakes in the REST interface, for FUZZ_SECONDS (180)

SWIFT ?= swift
DATA ?= data
PORT ?= 8080
ADMIN_PORT ?= 8081
SYNCRON := .build/release/syncron

.PHONY: run test bench check fuzz release setup clean

run: release
	exec $(SYNCRON) serve --sandbox --data $(DATA) --port $(PORT) --admin-port $(ADMIN_PORT)

release: setup
	$(SWIFT) build -c release --product syncron

test: setup check
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel

bench: release
	Scripts/bench

fuzz: setup
	$(SWIFT) build --product syncron
	Scripts/fuzz

check:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

# Installs the system packages that are missing, and Swagger UI.
setup:
	@Scripts/setup

clean:
	$(SWIFT) package clean
