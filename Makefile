# make demo    set-up, build, and a training run on real pictures
# make build   the program, at build/graft
# make test    the tests; make test-long adds the long ones
# make package  an archive and Debian packages
# make fuzz    fuzz every parser (SECONDS=60 for each)
# make help    list all targets

LIBTORCH ?=
export LIBTORCH

configure := cmake --preset release $(if $(LIBTORCH),-DCMAKE_PREFIX_PATH=$(LIBTORCH))

.PHONY: help setup configure build program demo test test-long fuzz bench lint format install package clean

help:
	@echo "make setup    install the build dependencies (apt packages, libtorch in .venv)"
	@echo "make build    set-up, then the program at build/graft"
	@echo "make demo     set-up, build, then train, evaluate and predict on real pictures (GRAFT_DATA=folder uses your own)"
	@echo "make test     set-up, build, then the tests (GRAFT_TEST_DATA=hymenoptera_data includes those on its pictures)"
	@echo "make test-long  make test with 200 kills, every fault at every disk call, and a short fuzzing run of each parser"
	@echo "make fuzz     fuzz every parser (SECONDS=60 for each)"
	@echo "make bench    compare with Python on this machine (GRAFT_DATA=hymenoptera_data, GRAFT_BENCH_PYTHON=interpreter)"
	@echo "make lint     check formatting, run clang-tidy"
	@echo "make package  the archive and the Debian packages, in build/packages"
	@echo "make install  install the program, libraries and headers (PREFIX=/usr/local)"
	@echo "LIBTORCH=/path/to/libtorch uses that libtorch instead of installing one"

setup:
	@tools/setup.sh

configure: setup
	@$(configure) --log-level=WARNING

program: configure
	@cmake --build build --target graft_cli

build: program
	@echo
	@echo "The program is build/graft. Next:"
	@echo "  build/graft train PICTURES --out runs/first    PICTURES has a folder for each class"
	@echo "  make demo                                      the same with pictures that it fetches"
	@echo "  build/graft help                               all verbs; docs/tutorial.md explains them"

demo: program
	@tools/demo.sh

# Tests run in parallel, so each computes with one thread.
run_tests := OMP_NUM_THREADS=1 ctest --test-dir build --output-on-failure --parallel $$(nproc)
test: configure
	@cmake --build build
	@$(run_tests)

# About an hour on two cores, with the test of make package. The short fuzzing run needs clang.
test-long: export GRAFT_SETUP_FUZZ := 1
test-long: configure
	@cmake --build build
	@GRAFT_KILLS=200 GRAFT_ALL_FAULTS=1 GRAFT_LARGE_NETWORKS=1 $(run_tests) -C long

# Built by clang without torch, in build-fuzz; fuzz/run.py --help lists more options.
SECONDS ?= 60
fuzz:
	@fuzz/run.py --seconds $(SECONDS)

# Alternates graft with the Python programs in bench/peer; bench/README.md lists the packages that these need.
bench: program
	@bench/compare.py --data "$(GRAFT_DATA)"

lint:
	@tools/lint.sh

format:
	@git ls-files '*.c' '*.h' '*.cpp' | xargs clang-format -i

PREFIX ?= /usr/local
install: program
	@cmake --install build --prefix $(PREFIX)

# Of the CPU build of libtorch; docs/install.md says how each is installed.
package: program
	@cpack --config build/CPackConfig.cmake -B build/packages
	@rm -rf build/packages/_CPack_Packages
	@cd build/packages && echo && echo "In build/packages:" && du --apparent-size -h *

clean:
	@rm -rf build build-fuzz
