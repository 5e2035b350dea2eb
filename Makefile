# make demo   the live screen on a demo system (a snapshot if there is no terminal)
# make test   all tests
# `make help` lists the rest.

SWIFT ?= swift
# Without this option the compiler's flags depend on whether the output is a terminal, and changed flags cause a full rebuild.
COLOR := --no-color-diagnostics
RELEASE := -c release --static-swift-stdlib $(COLOR)
DEMO ?= --rate 8 --fault payment-down@20 --fault payment-up@45
PREFIX ?= /usr/local

.DEFAULT_GOAL := help
.PHONY: demo pictures test check fmt build install uninstall tarball deb clean help bench fuzz asan tsan soak soak-load

help:
	@echo 'make demo     install missing packages, build, and show sagatop on a demo system'
	@echo 'make test     install the packages of the tests, and run all tests'
	@echo 'make check    check format, module dependencies, Foundation imports and warnings'
	@echo 'make fuzz     run every parser of external data with random inputs, SECONDS=4 each'
	@echo 'make asan     run the tests without servers, with the address sanitizer'
	@echo 'make tsan     these tests, those with servers, and whole programs, with the thread sanitizer'
	@echo 'make soak     run the live screen for MINUTES=5 with random faults and keys'
	@echo 'make soak-load  run the release build at 5,000 events/s for MINUTES=2 and judge the result'
	@echo 'make bench    measure the speed, and compare with simdjson, kcat and kafkatop'
	@echo 'make pictures make the pictures of the documentation from the demo'
	@echo 'make build    build the release binaries'
	@echo 'make install  install sagatop, its manual, completions, presets and themes under PREFIX ($(PREFIX))'
	@echo 'make deb      build a Debian package in .build/package'
	@echo 'make tarball  the same as an archive with an install script'
	@echo 'make fmt      format the sources'
	@echo 'make clean    remove build results'
	@echo
	@echo 'make demo DEMO="--rate 20 --fault stock-out@5" passes other options to sagatop-demo.'

demo:
	@scripts/install-packages build demo || { status=$$?; command -v $(SWIFT) >/dev/null || scripts/require-swift $(SWIFT); exit $$status; }
	@scripts/require-swift $(SWIFT)
	@scripts/fetch-noida || echo 'The demo uses the built-in broker of librdkafka.' >&2
	@$(MAKE) --no-print-directory build
	@scripts/demo "$$($(SWIFT) build $(RELEASE) --show-bin-path)" $(DEMO)

pictures: build
	@scripts/fetch-noida
	@scripts/pictures "$$($(SWIFT) build $(RELEASE) --show-bin-path)"

build:
	@scripts/require-swift $(SWIFT)
	@$(SWIFT) build $(RELEASE) --product sagatop
	@$(SWIFT) build $(RELEASE) --product sagatop-demo

test: export SAGATOP_STRICT = 1
test:
	@scripts/install-packages build demo test || { status=$$?; command -v $(SWIFT) >/dev/null || scripts/require-swift $(SWIFT); exit $$status; }
	@scripts/require-swift $(SWIFT)
	@scripts/fetch-noida
	@$(SWIFT) build --build-tests $(COLOR)
	@scripts/test $(SWIFT)

check: export SAGATOP_STRICT = 1
check:
	@scripts/install-packages build
	@scripts/require-swift $(SWIFT)
	@scripts/check $(SWIFT)

bench:
	@scripts/install-packages build demo test bench
	@scripts/require-swift $(SWIFT)
	@scripts/fetch-noida
	@scripts/fetch-kafkatop || echo 'The figures come without those of kafkatop.' >&2
	@$(SWIFT) build $(RELEASE) --product sagatop
	@$(SWIFT) build $(RELEASE) --product sagatop-bench
	@bin=$$($(SWIFT) build $(RELEASE) --show-bin-path) && SAGATOP="$$bin/sagatop" KAFKATOP=.cache/kafkatop/bin/kafkatop "$$bin/sagatop-bench" $(BENCH)

# The fuzzer handles the signals of Swift traps and reports the input that caused them. The sanitizer must not handle these signals.
SECONDS ?= 4
FUZZ := $(SWIFT) build -c release $(COLOR) --scratch-path .build/fuzz --sanitize address -Xswiftc -enable-testing --product sagatop-fuzz
fuzz: export SAGATOP_FUZZ = 1
fuzz: export ASAN_OPTIONS = detect_leaks=0:quarantine_size_mb=16:malloc_context_size=2:handle_segv=0:handle_abort=0:handle_sigill=0:handle_sigtrap=0:handle_sigfpe=0:handle_sigbus=0:abort_on_error=1
fuzz:
	@scripts/install-packages build
	@scripts/require-swift $(SWIFT)
	@$(FUZZ)
	@.build/fuzz/release/sagatop-fuzz --seconds $(SECONDS) $(TARGETS)

# Reports are written to files, so that reports of child processes of the tests count even if no test checks their exit code.
UNSERVED := --skip 'CollectorsTests|^ActionsTests|DemoTests|EndToEndTests'
REPORTED = status=$$?; if cat .build/$@/report.* 2>/dev/null; then exit 1; fi; exit $$status
asan: export ASAN_OPTIONS = detect_leaks=0:suppressions=$(CURDIR)/Tests/asan.suppressions:log_path=$(CURDIR)/.build/asan/report
asan:
	@mkdir -p .build/asan && rm -f .build/asan/report.*
	@$(SWIFT) test $(COLOR) --scratch-path .build/asan --sanitize address $(UNSERVED); $(REPORTED)

# CSeenThreads sets the sanitizer's options.
PROGRAMS := --filter 'EndToEndTests.(LedgerTests|LiveScreenTests|ActCommandTests|FaultyPlaceTests)'
tsan: export SAGATOP_TSAN = 1
tsan:
	@mkdir -p .build/tsan && rm -f .build/tsan/report.*
	@$(SWIFT) test $(COLOR) --scratch-path .build/tsan --sanitize thread --skip 'DemoTests|EndToEndTests' \
	  && $(SWIFT) test $(COLOR) --scratch-path .build/tsan --sanitize thread --skip-build $(PROGRAMS); $(REPORTED)

MINUTES ?= 5
soak: export SAGATOP_STRICT = 1
soak:
	@scripts/install-packages build demo test
	@scripts/require-swift $(SWIFT)
	@scripts/fetch-noida
	@$(SWIFT) build --build-tests $(COLOR)
	@SAGATOP_SOAK=$(MINUTES) $(SWIFT) test --skip-build --filter SoakTests

soak-load: MINUTES = 2
soak-load: export SOAK_MINUTES = $(MINUTES)
soak-load:
	@$(MAKE) --no-print-directory bench BENCH=soak

fmt:
	@$(SWIFT) format --in-place --parallel -r Sources Tests Package.swift

install: build
	@packaging/stage "$$($(SWIFT) build $(RELEASE) --show-bin-path)" "$(DESTDIR)" "$(PREFIX)"

uninstall:
	@packaging/unstage "$(DESTDIR)" "$(PREFIX)"

tarball: build
	@packaging/tarball "$$($(SWIFT) build $(RELEASE) --show-bin-path)"

deb: build
	@scripts/install-packages package
	@packaging/deb "$$($(SWIFT) build $(RELEASE) --show-bin-path)"

clean:
	@rm -rf .build .cache
