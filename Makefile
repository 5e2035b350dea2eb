# make demo   the live screen on a demo system (a snapshot where there is no terminal)
# make test   all tests
# `make help` lists the rest.

SWIFT ?= swift
RELEASE := -c release --static-swift-stdlib
BIN = $(shell $(SWIFT) build $(RELEASE) --show-bin-path)
DEMO ?= --rate 8 --fault payment-down@20 --fault payment-up@45

.DEFAULT_GOAL := help
.PHONY: demo test check fmt build install clean help bench

help:
	@echo 'make demo     install what is missing, build, and show sagatop on a demo system'
	@echo 'make test     install what the tests need, and run them all'
	@echo 'make check    format, arrows between modules, no Foundation, no warnings'
	@echo 'make bench    the speed of reading, against what simdjson and kcat need'
	@echo 'make build    build the release binaries'
	@echo 'make install  put sagatop into $$PREFIX/bin (default /usr/local)'
	@echo 'make fmt      format the sources'
	@echo 'make clean    remove what was built'
	@echo
	@echo 'make demo DEMO="--rate 20 --fault stock-out@5" passes other options to sagatop-demo.'

demo:
	@scripts/install-packages build demo
	@scripts/fetch-noida || echo 'The demo goes on with the broker that librdkafka has built in.' >&2
	@$(MAKE) --no-print-directory build
	@scripts/demo "$(BIN)" $(DEMO)

build:
	@$(SWIFT) build $(RELEASE) --product sagatop
	@$(SWIFT) build $(RELEASE) --product sagatop-demo

test: export SAGATOP_STRICT = 1
test:
	@scripts/install-packages build demo test
	@scripts/fetch-noida
	@$(SWIFT) build --build-tests
	@scripts/test $(SWIFT)

check: export SAGATOP_STRICT = 1
check:
	@scripts/install-packages build
	@scripts/check $(SWIFT)

bench:
	@scripts/install-packages build demo test
	@scripts/fetch-noida
	@$(SWIFT) build -c release --product sagatop-bench
	@"$$($(SWIFT) build -c release --show-bin-path)/sagatop-bench" $(BENCH)

fmt:
	@$(SWIFT) format --in-place --parallel -r Sources Tests Package.swift

install: build
	@install -D -m 755 -s "$(BIN)/sagatop" "$(DESTDIR)$${PREFIX:-/usr/local}/bin/sagatop"

clean:
	@rm -rf .build .cache
