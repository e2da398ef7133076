# make run    build and start the exchange with its sandbox, data under ./data
# make test   check the format, build, and run all tests
# make bench  print the figures, with the machine and the commit
# make check  the format alone

SWIFT ?= swift
DATA ?= data
PORT ?= 8080
ADMIN_PORT ?= 8081
SYNCRON := .build/release/syncron

.PHONY: run test bench check release setup clean

run: release
	exec $(SYNCRON) serve --sandbox --data $(DATA) --port $(PORT) --admin-port $(ADMIN_PORT)

release: setup
	$(SWIFT) build -c release --product syncron

test: setup check
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel

bench: release
	Scripts/bench

check:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

# Installs the system packages that are missing.
setup:
	@Scripts/setup

clean:
	$(SWIFT) package clean
