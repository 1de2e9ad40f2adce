#!/usr/bin/env python3
"""Builds the fuzz targets and runs them, one after another; prints and stores the results.

    fuzz/run.py                          every target for 60 seconds
    fuzz/run.py --seconds 600 jpeg png   these two, for ten minutes each
    fuzz/run.py --total 10000000         in rounds, until every target has had as many executions
    fuzz/run.py --table                  all runs so far, as a table for docs/reliability.md

Needs clang with libFuzzer ($CXX, or the newest that is installed; Debian: clang-19 and libclang-rt-19-dev). Everything is
in build-fuzz: corpus/TARGET grows, findings/ has the inputs of findings, results.jsonl one line per run. Exits with 1 if
there was a finding: a crash, a sanitizer's report, an input that takes longer than a second, or memory above the limits
below. Put its minimized input (fuzz_TARGET -minimize_crash=1 -runs=10000 FILE) into fuzz/regressions/TARGET once it is
fixed: ctest runs them all in every build.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGETS = "jpeg png webp tiff bmp_pnm exif zip pickle pth safetensors config csv http".split()
MEMORY_MB = 512  # of the process, including the sanitizers
ALLOCATION_MB = 128  # in one allocation
LONGEST = 1 << 20  # bytes: an input of this size must be read within a second (stretch.h)
HANGING = 60  # seconds of wall-clock time, for endless loops; an input may take one second of processor time (entry.cpp)
# Less bookkeeping in the sanitizers, for more executions; running a finding again shows the stacks of allocations.
ASAN = "quarantine_size_mb=8:malloc_context_size=0:detect_stack_use_after_return=0"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="of each run; 0: only build, and make the seeds")
    parser.add_argument("--total", type=int, help="continue until every target has this many executions in total")
    parser.add_argument("--max-len", type=int, default=4096, help=f"bytes of an input (every eighth round: {LONGEST})")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build-fuzz")
    parser.add_argument("--no-build", action="store_true", help="use the existing programs")
    parser.add_argument("--find-clang", action="store_true", help="only print the compiler that would be used")
    parser.add_argument("--table", action="store_true", help="only print the contents of results.jsonl")
    options = parser.parse_args()
    for target in options.targets:
        if target not in TARGETS:
            parser.error(f"{target} is not a target; the targets are {', '.join(TARGETS)}")
    options.targets = options.targets or TARGETS
    return options


def has_libfuzzer(compiler):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "x.cpp"
        source.write_text('extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, decltype(sizeof 0)) { return 0; }\n')
        command = [compiler, "-std=c++20", "-fsanitize=fuzzer,address,undefined", source, "-o", source.with_suffix("")]
        return subprocess.run(command, capture_output=True).returncode == 0


def find_clang():
    candidates = [os.environ.get("CXX", ""), "clang++"] + [f"clang++-{version}" for version in range(30, 14, -1)]
    for name in candidates:
        if "clang" in name and shutil.which(name) and has_libfuzzer(name):
            return name
    sys.exit("fuzz/run.py: no clang with libFuzzer found; install clang-19 and libclang-rt-19-dev (tools/setup.sh does)")


def build(folder, targets):
    if not (folder / "build.ninja").exists():
        clang = find_clang()
        command = ["cmake", "--preset", "fuzz", "-B", folder, "--log-level=WARNING", f"-DCMAKE_CXX_COMPILER={clang}",
                   f"-DCMAKE_C_COMPILER={clang.replace('clang++', 'clang')}"]
        subprocess.run(command, cwd=ROOT, check=True)
    subprocess.run(["cmake", "--build", folder, "--target", *(f"fuzz_{target}" for target in targets)], check=True)


def number(pattern, text, default=0):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else default


def run(target, options, max_len):
    """Runs libFuzzer once; returns a line of results.jsonl."""
    corpus = "corpus-long" if max_len == LONGEST else "corpus"
    folders = [options.build / corpus / target, options.build / "seeds" / target, ROOT / "fuzz/regressions" / target]
    folders[0].mkdir(parents=True, exist_ok=True)
    findings = options.build / "findings"
    findings.mkdir(exist_ok=True)
    command = [options.build / "fuzz" / f"fuzz_{target}", f"-max_total_time={options.seconds}", f"-timeout={HANGING}",
               f"-rss_limit_mb={MEMORY_MB}", f"-malloc_limit_mb={ALLOCATION_MB}", f"-max_len={max_len}", "-print_final_stats=1",
               f"-artifact_prefix={findings}/{target}-", *(folder for folder in folders if folder.is_dir())]
    dictionary = ROOT / "fuzz/dictionaries" / f"{target}.dict"
    if dictionary.exists():
        command.insert(1, f"-dict={dictionary}")
    ended = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, errors="replace",
                           env={**os.environ, "ASAN_OPTIONS": ASAN})
    (options.build / f"{target}.log").write_text(ended.stderr)
    return {
        "target": target,
        "executions": number(r"stat::number_of_executed_units: (\d+)", ended.stderr) or number(r"(?m)^#(\d+)\t", ended.stderr),
        "seconds": options.seconds,
        "peak_mb": number(r"stat::peak_rss_mb:\s+(\d+)", ended.stderr),
        "edges": number(r"cov: (\d+)", ended.stderr),
        "max_len": max_len,
        "finding": ended.returncode != 0,
    }


def results(options):
    path = options.build / "results.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def done(options, target):
    return sum(line["executions"] for line in results(options) if line["target"] == target)


def table(options):
    print("| target | executions | edges covered | largest inputs | peak memory, sanitizers included | findings |")
    print("|---|---|---|---|---|---|")
    for target in options.targets:
        lines = [line for line in results(options) if line["target"] == target]
        if not lines:
            continue
        most = {key: max(line[key] for line in lines) for key in ("edges", "max_len", "peak_mb")}
        print(f"| {target} | {sum(line['executions'] for line in lines):,} | {most['edges']} | {most['max_len']} bytes | "
              f"{most['peak_mb']} MB | {sum(line['finding'] for line in lines)} |")


def main():
    options = arguments()
    if options.find_clang:
        return print(find_clang())
    if options.table:
        return table(options)
    if not options.no_build:
        build(options.build, options.targets)
        subprocess.run([sys.executable, ROOT / "fuzz/seeds.py", options.build / "seeds"], check=True)
    if options.seconds == 0:
        return
    findings = []
    waiting, rounds = list(options.targets), 0
    while waiting:
        rounds += 1
        max_len = LONGEST if rounds % 8 == 4 else options.max_len
        for target in waiting:
            line = run(target, options, max_len)
            with (options.build / "results.jsonl").open("a") as file:
                file.write(json.dumps(line) + "\n")
            finding = f"  FINDING: see {options.build / target}.log" if line["finding"] else ""
            print(f"{target:12} {line['executions']:>10,} executions  {line['peak_mb']:>4} MB"
                  f"{finding}", flush=True)
            if line["finding"]:
                findings.append(target)
        waiting = [target for target in waiting
                   if options.total and target not in findings and done(options, target) < options.total]
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
