#!/usr/bin/env python3
"""Compares graft serve with FastAPI and torch: both answer the same pictures in turn; prints and writes a table of ratios.

    bench/serve.py runs/pets --data hymenoptera_data --python VENV/bin/python
    bench/serve.py runs/pets --data hymenoptera_data --predictor       # graft serve compared with Predictor

Runs on Linux with the standard library and wrk; Python needs the packages of bench/peer/requirements.txt.
"""
import argparse
import contextlib
import datetime
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(BENCH))

from compare import command, graft_version, peer_versions  # noqa: E402
from harness import machine, measure, report  # noqa: E402
from harness.workbench import json_lines  # noqa: E402
from rows import LESS, MORE, Figure, Row  # noqa: E402

TORCHVISION = ["resnet18", "mobilenet_v3_large", "convnext_tiny"]  # networks that the peer takes from torchvision, others from timm
START_SECONDS = 180
WARM_UP = 10  # pictures before a measurement, one after another
COMPARED, TOLERANCE = 20, 1e-3  # pictures, and the largest difference of a probability

# Sends the pictures of a list in turn. The throughput is that of @SECONDS@ seconds after @LEAD@ seconds: an answer that is
# under way at the beginning of wrk's time or at its end would otherwise be lost, more of them where many are computed at once.
LUA = """
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment* now);")
local moment = ffi.new("moment")
local requests, at, began, threads = {}, 0, nil, {}
answered = 0

local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(thread)
  table.insert(threads, thread)
end

function init()
  for path in io.lines("@LIST@") do
    local file = assert(io.open(path, "rb"))
    requests[#requests + 1] =
        wrk.format("POST", "/v1/predict", {["Content-Type"] = "application/octet-stream"}, file:read("*a"))
    file:close()
  end
end

function request()
  began = began or now()
  at = at % #requests + 1
  return requests[at]
end

function response(status)
  local passed = now() - began
  if status == 200 and passed >= @LEAD@ and passed < @LEAD@ + @SECONDS@ then answered = answered + 1 end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "answered": %d, "p50_ms": %f, "p99_ms": %f, "mean_ms": %f, "failed": %d}\\n',
      summary.requests, threads[1]:get("answered"), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      latency.mean / 1e3, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="run folders of graft")
    parser.add_argument("--data", required=True, help="folder with val/, whose pictures are sent")
    parser.add_argument("--python", default=os.environ.get("GRAFT_BENCH_PYTHON", "python3"),
                        help="Python interpreter to compare with [$GRAFT_BENCH_PYTHON, or python3]")
    parser.add_argument("--graft", default=str(ROOT / "build" / "graft"), help="the program [build/graft]")
    parser.add_argument("--predictor", action="store_true", help="compare with Predictor in place of Python, at one client")
    parser.add_argument("--clients", default="1,8,64", help="numbers of connections [1,8,64]")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each pair [5]")
    parser.add_argument("--seconds", type=int, default=10, help="length of a measurement, after a lead of a fifth [10]")
    parser.add_argument("--settings", default="1/1/40,2/1/40,1/1/2,2/1/2,1/2/40,2/2/40,1/2/1,2/2/1",
                        help="of the peer, threads of torch/processes/pool of threads; the best is compared [%(default)s]")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="folder of intermediate files [build/bench]")
    parser.add_argument("--results", type=Path, default=BENCH / "results", help="folder of the results [bench/results]")
    args = parser.parse_args()
    args.clients = [int(n) for n in args.clients.split(",")]
    args.settings = [tuple(map(int, s.split("/"))) for s in args.settings.split(",")]
    if args.rounds < 1 or args.seconds < 1:
        parser.error("--rounds and --seconds are at least 1")
    return args


def log(text):
    print(f"  {text}", file=sys.stderr, flush=True)


# --- Servers: context managers that give the address ------------------------------------------------------------------

@contextlib.contextmanager
def running(command, ready, environment=None):
    """The output of a server from the moment at which `ready(output)` is true; stops it at the end."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(environment or {})}, start_new_session=True)

        def output():
            return os.pread(out.fileno(), 1 << 20, 0).decode()
        try:
            end = time.monotonic() + START_SECONDS
            while not ready(output()):
                if process.poll() is not None or time.monotonic() > end:
                    lines = output().strip().splitlines()
                    raise measure.ProgramFailed(f"{command[0]} does not start: {lines[-1] if lines else 'no output'}")
                time.sleep(0.05)
            yield output()
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextlib.contextmanager
def graft_server(args, run):
    with running([args.graft, "serve", run, "--port", 0], lambda text: "serving" in text and text.endswith("\n")) as text:
        yield next(word for word in text.split() if word.startswith("http://"))


@contextlib.contextmanager
def peer_server(args, flags, setting):
    threads, workers, pool = setting
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [args.python, BENCH / "peer" / "serve.py", *flags, "--port", port, "--threads", threads, "--workers", workers,
               "--pool", pool]

    def ready(text):
        if text.splitlines().count("ready") < workers:
            return False
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
    with running(command, ready, {"OMP_NUM_THREADS": str(threads)}):
        yield f"http://127.0.0.1:{port}"


def peer_flags(args, run, model, work):
    """The weights of a run, exported for the peer."""
    if model["architecture"] in TORCHVISION:
        out = os.path.join(work, "model.pth")
        measure.run([args.graft, "export", run, "--format", "pth", "--names", "torchvision", "--out", out, "--quiet"])
        return ["--model", model["architecture"], "--weights", out, "--classes", *model["classes"]]
    out = os.path.join(work, "timm")
    measure.run([args.graft, "export", run, "--format", "timm", "--out", out, "--quiet"])
    return ["--timm", out]


# --- Answers ----------------------------------------------------------------------------------------------------------

def asked(address, body=None):
    with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=60) as response:
        return json.load(response)


def probabilities(address, pictures):
    """Of each picture: the probability of each class."""
    answers = [asked(f"{address}/v1/predict?top_k=1000", Path(p).read_bytes())["predictions"][0] for p in pictures]
    return [{entry["class"]: entry["probability"] for entry in answer["top"]} for answer in answers]


def largest_difference(graft, peer):
    if any(a.keys() != b.keys() for a, b in zip(graft, peer)):
        sys.exit("serve.py: the servers have different classes")
    return max(abs(a[name] - b[name]) for a, b in zip(graft, peer) for name in a)


# --- Measurements -----------------------------------------------------------------------------------------------------

class Load:
    """wrk on a list of pictures."""

    def __init__(self, pictures, seconds, work):
        self.pictures, self.seconds, self.lead = pictures, seconds, max(1, seconds // 5)
        listed, self.script = Path(work, "pictures"), Path(work, "pictures.lua")
        listed.write_text("".join(f"{p}\n" for p in pictures))
        script = LUA.replace("@LIST@", str(listed)).replace("@LEAD@", str(self.lead)).replace("@SECONDS@", str(seconds))
        self.script.write_text(script)

    def measured(self, address, clients):
        probabilities(address, self.pictures[:WARM_UP])
        command = ["wrk", "-t1", f"-c{clients}", f"-d{self.lead + self.seconds + 1}s", "--timeout", "60s", "-s", self.script,
                   address]
        result = json_lines(measure.run(list(map(str, command))).output)[-1]
        result["requests_per_second"] = result["answered"] / self.seconds
        return result


def predictor_times(args, run, pictures):
    """Milliseconds a picture of `graft predict` with one picture in a batch and no reading ahead: reading from the page cache,
    decoding, transform, network and a line of output. From line to line, so the start and the first picture are left out."""
    command = [args.graft, "predict", run, *(pictures * 50), "--jsonl", "--quiet", "--batch-size", "1", "--workers", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        times = []
        for _line in process.stdout:
            times.append(time.perf_counter())
            if times[-1] - times[0] > args.seconds:
                break
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    if len(times) < 3:
        raise measure.ProgramFailed(f"{args.graft} predict gave {len(times)} lines")
    gaps = [1000 * (b - a) for a, b in zip(times, times[1:])]
    return {"p50_ms": statistics.median(gaps), "mean_ms": statistics.mean(gaps), "pictures": len(gaps)}


def alternate(rounds, runs, name):
    """The results of both programs, in an order that alternates from round to round."""
    results = {who: [] for who in runs}
    for turn in range(rounds):
        for who in list(runs) if turn % 2 == 0 else reversed(list(runs)):
            results[who].append(runs[who]())
            if not results[who][-1].get("requests_per_second", 1):
                raise measure.ProgramFailed(f"{who} gave no answers; measure for longer (--seconds)")
            log(f"{name} {who}: {json.dumps(results[who][-1])}")
    return results


def failed_answers(peer, graft):
    counts = [sum(figure.raw["failed"] for figure in figures) for figures in (peer, graft)]
    return f"failed answers: Python {counts[0]}, graft {counts[1]}" if any(counts) else ""


def summaries(name, results, columns):
    """A row of the table for each column of the results: name, label, unit, better direction."""
    for column, label, unit, better in columns:
        def figures(who, column=column):
            return [Figure(result[column], result) for result in results[who]]
        check = failed_answers if "failed" in results["peer"][0] else None
        yield report.summary(Row(f"{name}-{column}", label, None, None, unit, better, check=check), figures("peer"),
                             figures("graft"), None)


def best_settings(args, flags, load):
    """For each number of clients, the setting with the highest throughput, and all trials."""
    trials = []
    for setting in args.settings:
        with peer_server(args, flags, setting) as address:
            for clients in args.clients:
                trials.append({"setting": setting, "clients": clients, **load.measured(address, clients)})
                log(f"setting {json.dumps(trials[-1])}")
    return {clients: max((t for t in trials if t["clients"] == clients), key=lambda t: t["requests_per_second"])["setting"]
            for clients in args.clients}, trials


def compare_with_python(args, run, pictures, work):
    load = Load(pictures, args.seconds, work)
    some = pictures[::max(1, len(pictures) // COMPARED)][:COMPARED]
    with graft_server(args, run) as address:
        model = asked(address + "/v1/models")["models"][0]
        of_graft = probabilities(address, some)
    flags = peer_flags(args, run, model, work)
    with peer_server(args, flags, args.settings[0]) as address:
        difference = largest_difference(of_graft, probabilities(address, some))
    log(f"{model['architecture']}: largest difference of a probability, {len(some)} pictures: {difference:.2g}")
    if difference > TOLERANCE:
        sys.exit(f"serve.py: the servers' answers differ by {difference:.2g}")
    best, trials = best_settings(args, flags, load)
    rows = []
    for clients in args.clients:
        def served(server, *words, clients=clients):
            with server(args, *words) as address:
                return load.measured(address, clients)
        name = f"serve-{model['architecture']}-{clients}"
        where = f"{model['architecture']}, {clients} client{'s' * (clients > 1)}"
        setting = "/".join(map(str, best[clients]))
        try:
            results = alternate(args.rounds, {"graft": lambda: served(graft_server, run),
                                              "peer": lambda: served(peer_server, flags, best[clients])}, name)
        except measure.ProgramFailed as error:
            log(f"{name} skipped: {error}")
            rows.append(report.failure(Row(name, where, None, None), error))
            continue
        rows += summaries(name, results, [
            ("requests_per_second", f"{where}: throughput (Python's setting {setting})", "requests/s", MORE),
            ("p50_ms", f"{where}: p50", "ms", LESS), ("p99_ms", f"{where}: p99", "ms", LESS)])
    return {"rows": rows, "trials": trials, "largest_difference": difference}


def compare_with_predictor(args, run, pictures, work):
    load = Load(pictures, args.seconds, work)

    def served():
        with graft_server(args, run) as address:
            return load.measured(address, 1)
    name = f"predictor-{Path(run).name}"
    results = alternate(args.rounds, {"graft": served, "peer": lambda: predictor_times(args, run, pictures)}, name)
    return {"rows": list(summaries(name, results, [("p50_ms", f"{Path(run).name}: p50 at one client", "ms", LESS),
                                                   ("mean_ms", f"{Path(run).name}: mean at one client", "ms", LESS)]))}


# --- Results ----------------------------------------------------------------------------------------------------------

def markdown(record):
    machine_, versions = record["machine"], record["versions"]
    peer = "Predictor" if record["predictor"] else "Python"
    facts = [f"- largest difference of a probability, {COMPARED} pictures, {name}: {value:.2g}"
             for name, value in record["largest_differences"].items()]
    if "peer" in versions:
        facts.insert(0, "- Python's settings: threads of torch/processes/threads that call the endpoint, the best of those tried")
        facts.insert(0, "- Python: " + ", ".join(f"{name} {version}" for name, version in versions["peer"].items()))
    else:
        facts.append("- Predictor: time from line to line of `graft predict --jsonl --batch-size 1 --workers 0`")
    return "\n".join([
        f"# graft serve and {peer} on {machine_['cpu']}, {record['date'][:10]}", "",
        "Written by `bench/serve.py`; do not edit. [Description of the comparison](../README.md). "
        "All measurements: the `.json` beside this file.", "",
        f"- machine: {machine_['cpu']}, {machine_['cores']} of {machine_['cores_of_machine']} cores used, shared with wrk, "
        f"{', '.join(machine_['flags']) or 'no listed vector instructions'}, {machine_['memory_gib']} GiB, "
        f"{machine_['system']}, load before {machine_['load_before']}",
        f"- graft: {versions['graft']}, commit {versions['commit'] or 'unknown'}", *facts,
        f"- data: {record['data']}, {record['pictures']} pictures; {record['date']}; rounds: {record['rounds']}; seconds of a "
        f"measurement: {record['seconds']}",
        f"- command: `{record['command']}`", "",
        f"Medians of {record['rounds']} round{'s' * (record['rounds'] > 1)}; the ratio is of the medians, in brackets "
        "the smallest and the largest of a round. Above 1 graft serve is better.", "",
        f"| row | {peer} | graft serve | ratio | bar | remarks |", "|---|---|---|---|---|---|",
        *map(report.table_line, record["rows"]), ""])


def main():
    args = parse()
    pictures = sorted(str(p.resolve()) for p in Path(args.data, "val").rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not pictures:
        sys.exit(f"serve.py: {args.data}/val has no pictures")
    versions = {"graft": graft_version(args.graft), "commit": machine.commit(ROOT)}
    if not args.predictor:
        versions["peer"] = peer_versions(args.python, str(BENCH / "peer" / "serve.py"), "--versions")
    record = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "machine": machine.describe(),
              "versions": versions, "command": command(__file__),
              "data": os.path.basename(os.path.normpath(args.data)), "pictures": len(pictures), "rounds": args.rounds,
              "seconds": args.seconds, "predictor": args.predictor, "largest_differences": {}, "trials": {}, "rows": []}
    args.work.mkdir(parents=True, exist_ok=True)
    for run in args.runs:
        with tempfile.TemporaryDirectory(dir=args.work.resolve()) as work:
            found = (compare_with_predictor if args.predictor else compare_with_python)(args, run, pictures, work)
        record["rows"] += found["rows"]
        for key, value in (("largest_differences", found.get("largest_difference")), ("trials", found.get("trials"))):
            if value is not None:
                record[key][Path(run).name] = value
    report.publish(record, args.results, markdown(record), "-serve")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except measure.ProgramFailed as error:
        sys.exit(f"serve.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
