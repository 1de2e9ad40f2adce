#!/usr/bin/env python3
"""Compares graft with Python, or with an earlier graft: runs both in turn on the same data, and prints and writes a table of ratios.

    bench/compare.py --data hymenoptera_data --python VENV/bin/python
    bench/compare.py --data hymenoptera_data --python VENV/bin/python --against earlier/build/graft

Runs on Linux with the standard library; the compared Python needs the packages of bench/peer/requirements.txt.
"""
import argparse
import dataclasses
import datetime
import os
import shlex
import signal
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(BENCH))

from harness import machine, measure, report  # noqa: E402
from harness.workbench import Workbench, json_lines  # noqa: E402
from rows import rows  # noqa: E402

INSTALL = f"""{{python}} lacks packages for the comparison ({{error}}). Install them once:
    python3 -m venv build/bench/venv
    build/bench/venv/bin/pip install -r {os.path.relpath(BENCH / 'peer' / 'requirements.txt')}
then: bench/compare.py --python build/bench/venv/bin/python … (or GRAFT_BENCH_PYTHON=…)"""


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder with train/ and val/")
    parser.add_argument("--python", default=os.environ.get("GRAFT_BENCH_PYTHON", "python3"),
                        help="Python interpreter to compare with [$GRAFT_BENCH_PYTHON, or python3]")
    parser.add_argument("--graft", default=str(ROOT / "build" / "graft"), help="the program [build/graft]")
    parser.add_argument("--against", metavar="PROGRAM", help="an earlier graft, which takes Python's place; Python only "
                        "writes the weights and photos")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each pair [3]")
    parser.add_argument("--epochs", type=int, default=2, help="epochs of a timed training run [2]")
    parser.add_argument("--rows", help="names separated by commas; a name ending in * selects all with that prefix")
    parser.add_argument("--list", action="store_true", help="print the names of the rows and exit")
    parser.add_argument("--device", default="cpu", help="device of both programs [cpu]")
    parser.add_argument("--quick", action="store_true", help="one round, one epoch, few photos: a functional check")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="folder of intermediate files [build/bench]")
    parser.add_argument("--results", type=Path, default=BENCH / "results", help="folder of the results [bench/results]")
    args = parser.parse_args(words)
    if args.quick:
        args.rounds = args.epochs = 1
    if args.rounds < 1 or args.epochs < 1:
        parser.error("--rounds and --epochs are at least 1")
    if not args.list and not args.data:
        parser.error("--data is missing; `graft fetch hymenoptera` downloads the tutorial's pictures")
    return args


def chosen(names):
    every = rows()
    if not names:
        return every
    found = []
    for name in names.split(","):
        matches = [r for r in every if r.name == name or (name.endswith("*") and r.name.startswith(name[:-1]))]
        if not matches:
            sys.exit(f"compare.py: no row {name}; --list names them")
        found += [r for r in matches if r not in found]
    return found


def peer_versions(python, *command):
    try:
        return json_lines(measure.run([python, *command]).output)[-1]
    except (measure.ProgramFailed, OSError) as error:
        sys.exit(f"{os.path.basename(sys.argv[0])}: " + INSTALL.format(python=python, error=error))


def graft_version(program):
    try:
        return measure.run([program, "--version"]).output.strip()
    except (measure.ProgramFailed, OSError) as error:
        sys.exit(f"compare.py: {program} does not run ({error}); `make build` makes it")


def command(program):
    """The command line, with absolute paths shortened to their last name."""
    return shlex.join(os.path.basename(os.path.normpath(w)) if os.path.isabs(w) else w
                      for w in [os.path.relpath(program, ROOT), *sys.argv[1:]])


def against(row):
    """The same row for two programs of graft: the later one may be at most 3 % slower."""
    return dataclasses.replace(row, bar=0.97, needs_bf16=False)


def measure_row(row, bench, earlier, rounds):
    """Alternates the two programs and the order from round to round. graft runs first in the first round, so that an
    option that it does not support fails before a long run of the other."""
    runs = {"peer": lambda: row.graft(earlier) if earlier else row.python(bench), "graft": lambda: row.graft(bench)}
    figures = {"peer": [], "graft": []}
    for turn in range(-1 if row.warm_up else 0, rounds):
        for who in ("graft", "peer") if turn % 2 == 0 else ("peer", "graft"):
            figure = runs[who]()
            if turn >= 0:
                figures[who].append(figure)
                print(f"  {row.name} {who}: {report.quantity(figure.value, row.unit)}", file=sys.stderr, flush=True)
    return report.summary(row, figures["peer"], figures["graft"], bench)


def measure_rows(selected, bench, earlier, rounds):
    for row in selected:
        try:
            yield measure_row(against(row) if earlier else row, bench, earlier, rounds)
        except measure.ProgramFailed as error:
            print(f"  {row.name} skipped: {error}", file=sys.stderr, flush=True)
            yield report.failure(row, error)


def main():
    args = parse()
    selected = chosen(args.rows)
    if args.list:
        print("\n".join(f"{row.name:36} {row.label}" for row in selected))
        return
    args.work.mkdir(parents=True, exist_ok=True)
    versions = {"graft": graft_version(args.graft), "commit": machine.commit(ROOT), "peer": peer_versions(args.python, str(BENCH / "peer" / "common.py"))}
    if args.against:
        versions["earlier"] = graft_version(args.against)
    def workbench(program):
        return Workbench(args.python, program, args.data, args.work.resolve(), args.epochs, args.device, args.quick)
    bench, earlier = workbench(args.graft), workbench(args.against) if args.against else None
    record = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "machine": bench.machine,
              "versions": versions, "command": command(__file__), "data": os.path.basename(os.path.normpath(args.data)),
              "rounds": args.rounds, "epochs": args.epochs, "device": args.device, "quick": args.quick}
    record["rows"] = list(measure_rows(selected, bench, earlier, args.rounds))
    report.publish(record, args.results, report.markdown(record))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
