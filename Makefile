# make demo    everything from nothing: set-up, build, a training on real pictures
# make build   the program, at build/graft
# make test    the tests; make test-long adds the long ones
# make fuzz    every parser against bytes that nobody would write (SECONDS=60 each)
# make help    the rest

LIBTORCH ?=
export LIBTORCH

configure := cmake --preset release $(if $(LIBTORCH),-DCMAKE_PREFIX_PATH=$(LIBTORCH))

.PHONY: help setup configure build demo test test-long fuzz bench lint format install clean

help:
	@echo "make setup    install what building takes (apt packages, libtorch in .venv)"
	@echo "make build    set-up, then the program at build/graft"
	@echo "make demo     set-up, build, then train, evaluate and predict on real pictures (GRAFT_DATA=folder for yours)"
	@echo "make test     set-up, build, then the tests (GRAFT_TEST_DATA=hymenoptera_data for those on its pictures)"
	@echo "make test-long  the same with 200 kills, every fault at every call to the disk, and a short fuzz of each parser"
	@echo "make fuzz     every parser against bytes that nobody would write (SECONDS=60 for each of them)"
	@echo "make bench    compare with Python on this machine (GRAFT_DATA=hymenoptera_data, GRAFT_BENCH_PYTHON=interpreter)"
	@echo "make lint     formatting and clang-tidy"
	@echo "make install  the program, library and headers (PREFIX=/usr/local)"
	@echo "LIBTORCH=/path/to/libtorch uses that libtorch instead of installing one"

setup:
	@tools/setup.sh

configure: setup
	@$(configure) --log-level=WARNING

build: configure
	@cmake --build build --target graft_cli

demo: build
	@tools/demo.sh

# Tests run beside each other, so each computes with one thread.
run_tests := OMP_NUM_THREADS=1 ctest --test-dir build --output-on-failure --parallel $$(nproc)
test: configure
	@cmake --build build
	@$(run_tests)

# About an hour on two cores. The short fuzz needs clang.
test-long: export GRAFT_SETUP_FUZZ := 1
test-long: configure
	@cmake --build build
	@GRAFT_KILLS=200 GRAFT_ALL_FAULTS=1 $(run_tests) -C long

# Torch-free, by clang, in build-fuzz; fuzz/run.py --help says what else it does.
SECONDS ?= 60
fuzz:
	@fuzz/run.py --seconds $(SECONDS)

# Alternates with the peers in bench/peer; bench/README.md says what their Python needs.
bench: build
	@bench/compare.py --data "$(GRAFT_DATA)"

lint:
	@tools/lint.sh

format:
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i

PREFIX ?= /usr/local
install: build
	@cmake --install build --prefix $(PREFIX)

clean:
	@rm -rf build build-fuzz
