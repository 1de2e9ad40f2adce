#!/usr/bin/env python3
"""A soak of graft serve: random clients for some minutes, some of which are killed, and a reload every 30 seconds.

    bench/soak_serve.py runs/pets hymenoptera_data/val --minutes 10

It checks that
- every answer has the right status, and the classes and probabilities of `graft predict --jsonl` (within 1e-4);
- every request that was sent completely has an answer, and clients that are too slow or idle are cut;
- resident memory stays constant: the growth of a linear fit after the warm-up is below --growth MiB;
- at the end nothing waits, and the descriptors are as many as at the beginning;
- SIGTERM answers what has arrived and ends the server with exit code 0;
- nothing was written to the server's working, temporary and home folder.

Prints what it did and what failed; the exit code is 1 if something failed. Runs on Linux with the standard library.
"""
import argparse
import base64
import collections
import http.client
import json
import math
import multiprocessing
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOLERANCE = 1e-4  # of probabilities; of the components of an embedding, relative to the largest
CLIENT_SECONDS = 10  # --timeout of the server
ANSWER_SECONDS = 120
PICTURES, PIXEL_PICTURES = 24, 4
DISCONNECTED, BUSY = "disconnected", "busy"


class Wrong(Exception):
    """A check failed."""


def check(condition, problem):
    if not condition:
        raise Wrong(problem)


# --- Requests and their checks ------------------------------------------------------------------------------------------

def form(files):
    """The content type and body of multipart/form-data."""
    boundary = f"boundary{random.getrandbits(64):x}"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n'
             "Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n" for name, data in files]
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def encoded(data):
    return base64.b64encode(data).decode()


class Client:
    """Random requests over one connection, until the time is over. The answers are compared with `expected`: of each picture
    its bytes, probabilities, embedding and, if it was made here, its size and pixels."""

    def __init__(self, port, model, expected, seed):
        self.port, self.model, self.expected = port, model, expected
        self.random = random.Random(seed)
        random.seed(seed)
        self.connection, self.used = None, 0

    # Connections
    def connected(self):
        """The connection of the last request, unless the server may be about to close it because it was idle."""
        if time.monotonic() - self.used > CLIENT_SECONDS / 4:
            self.disconnect()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        return self.connection

    def disconnect(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def ask(self, method, path, body=None, kind="application/octet-stream", status=200, **more):
        """The body of the answer."""
        try:
            connection = self.connected()
            connection.request(method, path, body, {"Content-Type": kind} if body is not None else {}, **more)
            response = connection.getresponse()
            data = response.read()
            self.used = time.monotonic()
        except (OSError, http.client.HTTPException) as error:
            raise Wrong(f"{method} {path}: no answer ({error!r})") from error
        if response.will_close:
            self.disconnect()
        return self.checked(method, path, response, data, status)

    def checked(self, method, path, response, data, status):
        if response.status == 503 and response.getheader("Retry-After"):
            raise InterruptedError(BUSY)
        check(response.status == status, f"{method} {path}: status {response.status}, not {status}: {data[:200]!r}")
        if status >= 400:
            check("error" in json.loads(data), f"{method} {path}: status {status} without an error")
        return data

    def opened(self):
        """A new connection as a plain socket."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)

    def request_bytes(self, body):
        return (f"POST /v1/predict HTTP/1.1\r\nHost: graft\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
                .encode() + body)

    def answer_on(self, plain, what):
        """Reads an answer from a plain socket."""
        try:
            response = http.client.HTTPResponse(plain, method="POST")
            response.begin()
            return self.checked("POST", what, response, response.read(), 200)
        except (OSError, http.client.HTTPException) as error:
            raise Wrong(f"{what}: no answer ({error!r})") from error

    def cut_within(self, plain, seconds, what):
        """The server has to close the connection."""
        plain.settimeout(seconds)
        try:
            data = plain.recv(1)
            check(not data, f"{what}: an answer to half a request")
        except TimeoutError as error:
            raise Wrong(f"{what}: open after {seconds:.0f} seconds") from error
        except OSError:
            pass

    # Pictures
    def some(self, most=1):
        return self.random.choices(list(self.expected), k=self.random.randint(1, most))

    def compare(self, name, probabilities):
        wanted = self.expected[name]["probabilities"]
        check(probabilities.keys() == wanted.keys(), f"{name}: other classes")
        difference = max(abs(probabilities[key] - wanted[key]) for key in wanted)
        check(difference <= TOLERANCE, f"{name}: a probability differs by {difference:.3g} from that of graft predict")

    def compare_prediction(self, name, prediction):
        check("top" in prediction, f"{name}: {prediction}")
        top = prediction["top"]
        self.compare(name, {entry["class"]: entry["probability"] for entry in top})
        best = max(self.expected[name]["probabilities"].values())
        check(self.expected[name]["probabilities"][top[0]["class"]] >= best - TOLERANCE, f"{name}: another class")

    def compare_predictions(self, names, data):
        predictions = json.loads(data)["predictions"]
        check(len(predictions) == len(names), f"{len(predictions)} answers for {len(names)} pictures")
        for name, prediction in zip(names, predictions):
            self.compare_prediction(name, prediction)

    def data(self, name):
        return self.expected[name]["data"]

    # What clients do; each is chosen with its weight (at the end of the class)
    def raw(self):
        (name,) = self.some()
        self.compare_predictions([name], self.ask("POST", "/v1/predict", self.data(name)))

    def chunked(self):
        (name,) = self.some()
        data = self.data(name)
        size = self.random.randint(1000, len(data))
        parts = [data[i:i + size] for i in range(0, len(data), size)]
        self.compare_predictions([name], self.ask("POST", "/v1/predict", iter(parts), encode_chunked=True))

    def multipart(self):
        names = self.some(3)
        kind, body = form([(f"{i}.jpg", self.data(name)) for i, name in enumerate(names)])
        self.compare_predictions(names, self.ask("POST", "/v1/predict", body, kind))

    def as_json(self):
        names = self.some(4)
        body = json.dumps({"model": self.model, "images": [{"name": n, "data": encoded(self.data(n))} for n in names]})
        data = self.ask("POST", "/v1/predict", body.encode(), "application/json")
        self.compare_predictions(names, data)
        check([p["path"] for p in json.loads(data)["predictions"]] == names, "other names than those sent")

    def embed(self):
        (name,) = self.some()
        data = self.ask("POST", "/v1/embed", self.data(name))
        found, wanted = json.loads(data)["embeddings"][0]["embedding"], self.expected[name]["embedding"]
        difference = max((abs(a - b) for a, b in zip(found, wanted)), default=math.inf)
        check(len(found) == len(wanted) and difference <= TOLERANCE * max(map(abs, wanted)),
              f"{name}: its embedding differs by {difference:.3g} from its first one")

    def explain(self):
        (name,) = self.some()
        data = self.ask("POST", "/v1/explain", self.data(name))
        check(data.startswith(b"\x89PNG\r\n\x1a\n") and data[-8:-4] == b"IEND", f"{name}: explain gave no PNG")

    def infer(self):
        if self.random.random() < 0.5:
            names = self.some(3)
            tensor = {"shape": [len(names)], "datatype": "BYTES", "data": [encoded(self.data(n)) for n in names]}
        else:
            names = [self.random.choice([n for n, e in self.expected.items() if "pixels" in e])]
            height, width = self.expected[names[0]]["size"]
            tensor = {"shape": [1, height, width, 3], "datatype": "UINT8", "data": list(self.expected[names[0]]["pixels"])}
        body = json.dumps({"id": "7", "inputs": [{"name": "images", **tensor}]}).encode()
        answer = json.loads(self.ask("POST", f"/v2/models/{self.model}/infer", body, "application/json"))
        classes, output = self.expected[names[0]]["classes"], answer["outputs"][0]
        check(answer["id"] == "7" and output["shape"] == [len(names), len(classes)], "infer: another id or shape")
        for i, name in enumerate(names):
            self.compare(name, dict(zip(classes, output["data"][i * len(classes):])))

    def look(self):
        path = self.random.choice(["/", "/page.css", "/page.js", "/openapi.json", "/healthz", "/readyz", "/metrics", "/v1/models",
                                   "/v2", "/v2/health/live", "/v2/health/ready", f"/v2/models/{self.model}",
                                   f"/v2/models/{self.model}/ready"])
        method = self.random.choice(["GET", "HEAD"])
        data = self.ask(method, path)
        check(bool(data) == (method == "GET"), f"{method} {path}: {len(data)} bytes")

    def damaged(self):
        """A picture that ends early, other bytes, and a damaged picture beside a good one."""
        (name,) = self.some()
        data = self.data(name)
        short = data[:self.random.randint(1, 100)]
        kind = self.random.randrange(4)
        if kind == 0:
            self.ask("POST", "/v1/predict", short, status=400)
        elif kind == 1:
            self.ask("POST", "/v1/embed", self.random.randbytes(self.random.randint(1, 50_000)), status=400)
        elif kind == 2:
            content_type, body = form([("short.jpg", short), ("good.jpg", data)])
            first, second = json.loads(self.ask("POST", "/v1/predict", body, content_type))["predictions"]
            check(first["path"] == "short.jpg" and "error" in first, "a damaged picture has no error")
            self.compare_prediction(name, second)
        else:  # changed bytes: an error, or an answer that is finite
            changed = bytearray(data)
            for _ in range(20):
                changed[self.random.randrange(len(changed))] = self.random.randrange(256)
            body = json.dumps({"images": [encoded(bytes(changed)), encoded(data)]}).encode()
            first, second = json.loads(self.ask("POST", "/v1/predict", body, "application/json"))["predictions"]
            check("error" in first or all(0 <= e["probability"] <= 1 for e in first["top"]), "a changed picture has a wrong answer")
            self.compare_prediction(name, second)

    def wrong(self):
        (name,) = self.some()
        method, path, body, kind, status = self.random.choice([
            ("GET", "/v1/nothing", None, "", 404), ("GET", "/v1/predict", None, "", 405), ("DELETE", "/", None, "", 405),
            ("POST", "/v1/predict", b"", "image/jpeg", 400), ("POST", "/v1/predict", b"{", "application/json", 400),
            ("POST", "/v1/predict", b"[" * 10_000, "application/json", 400),
            ("POST", "/v1/predict", b"--x", "multipart/form-data; boundary=x", 400),
            ("POST", "/v1/predict?top_k=-1", self.data(name), "image/jpeg", 400),
            ("POST", "/v1/predict?model=other", self.data(name), "image/jpeg", 404),
            ("POST", "/v2/models/other/infer", b"{}", "application/json", 404)])
        self.ask(method, path, body, kind, status)

    def too_large(self):
        """Only the headers: the answer has to come before the body."""
        with self.opened() as plain:
            plain.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: graft\r\nContent-Length: 999999999\r\n\r\n")
            response = http.client.HTTPResponse(plain, method="POST")
            response.begin()
            self.checked("POST", "a body that is too large", response, response.read(), 413)

    def vanish(self):
        """Ends the connection within the request, or after it without reading the answer; at times with a reset."""
        (name,) = self.some()
        request = self.request_bytes(self.data(name))
        with self.opened() as plain:
            end = self.random.choice([self.random.randint(0, 200), self.random.randint(0, len(request)), len(request)])
            plain.sendall(request[:end])
            time.sleep(self.random.choice([0, 0, self.random.uniform(0, 0.1)]))
            if self.random.random() < 0.5:
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return DISCONNECTED

    def slow(self):
        """Sends in pieces, slowly but within the limit, and reads the answer byte by byte."""
        (name,) = self.some()
        request = self.request_bytes(self.data(name))
        pieces = self.random.randint(2, 12)
        with self.opened() as plain:
            for i in range(pieces):
                plain.sendall(request[len(request) * i // pieces:len(request) * (i + 1) // pieces])
                time.sleep(self.random.uniform(0, CLIENT_SECONDS / 2 / pieces))
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            self.compare_predictions([name], self.answer_on(plain, "a slow client"))

    def too_slow(self):
        """A byte each half a second."""
        (name,) = self.some()
        request = self.request_bytes(self.data(name))
        with self.opened() as plain:
            began = time.monotonic()
            try:
                for byte in request:
                    plain.sendall(bytes([byte]))
                    time.sleep(0.5)
                    check(time.monotonic() - began < CLIENT_SECONDS + 8, "a client that is too slow is not cut")
            except OSError:
                return DISCONNECTED
        return DISCONNECTED

    def idle(self):
        """A connection without a request, then with one, or until the server closes it."""
        with self.opened() as plain:
            if self.random.random() < 0.7:
                time.sleep(self.random.uniform(0, CLIENT_SECONDS / 2))
                (name,) = self.some()
                plain.sendall(self.request_bytes(self.data(name)))
                self.compare_predictions([name], self.answer_on(plain, "after a pause"))
            else:
                self.cut_within(plain, CLIENT_SECONDS + 8, "an idle connection")
                return DISCONNECTED

    ACTIONS = {raw: 20, chunked: 5, multipart: 12, as_json: 12, embed: 8, explain: 4, infer: 10, look: 12, damaged: 8, wrong: 8,
               too_large: 2, vanish: 12, slow: 3, too_slow: 0.5, idle: 1}

    def act(self):
        """Name of the action, result, problem."""
        action = self.random.choices(list(self.ACTIONS), list(self.ACTIONS.values()))[0]
        try:
            return action.__name__, action(self) or "answered", ""
        except Wrong as problem:
            self.disconnect()
            return action.__name__, "failed", str(problem)
        except InterruptedError:
            time.sleep(1)
            return action.__name__, BUSY, ""
        except Exception as error:  # noqa: BLE001 - an answer that cannot be read, or no connection
            self.disconnect()
            return action.__name__, "failed", repr(error)


def run_client(port, model, expected, seed, until, path):
    """A process: writes a line of each action, so that one that is killed loses at most its last."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    client = Client(port, model, expected, seed)
    with open(path, "a", buffering=1) as file:
        while time.monotonic() < until:
            file.write(json.dumps(client.act()) + "\n")


# --- The server -----------------------------------------------------------------------------------------------------------

class Server:
    def __init__(self, args, work):
        self.folders = {name: work / name for name in ("working", "temporary", "home")}
        for folder in self.folders.values():
            folder.mkdir()
        self.output = work / "output"
        environment = {**os.environ, "TMPDIR": str(self.folders["temporary"]), "HOME": str(self.folders["home"])}
        with open(self.output, "w") as file:
            self.process = subprocess.Popen(
                [args.graft, "serve", f"model={Path(args.model).resolve()}", "--port", "0", "--timeout", str(CLIENT_SECONDS)],
                stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, cwd=self.folders["working"], env=environment)
        end = time.monotonic() + 120
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)\n", self.output.read_text())):
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"soak_serve.py: the server does not start: {self.output.read_text()}")
            time.sleep(0.05)
        self.port = int(found[1])

    def resident(self):
        """MiB."""
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def written(self):
        return [str(path) for folder in self.folders.values() for path in folder.rglob("*")]

    def gauge(self, name):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return float(re.search(rf"^{name} (\S+)", text, re.M)[1])


def made_picture(work, number, rng):
    """A picture in the format PPM, and its size and pixels."""
    height, width = rng.randint(30, 60), rng.randint(30, 60)
    slopes = [[rng.uniform(-6, 6) for _ in "rgb"] for _ in "xy"]
    pixels = bytes(int(slopes[0][c] * x + slopes[1][c] * y) % 256 for y in range(height) for x in range(width) for c in range(3))
    path = work / f"made{number}.ppm"
    path.write_bytes(f"P6 {width} {height} 255\n".encode() + pixels)
    return path, {"size": (height, width), "pixels": pixels}


def expected_answers(args, work, port, rng):
    """By the pictures' names. The embeddings are the server's first: later ones have to be the same."""
    found = sorted(p for p in Path(args.pictures).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    chosen = {str(p.resolve()): {} for p in rng.sample(found, min(PICTURES, len(found)))}
    for number in range(PIXEL_PICTURES):
        path, facts = made_picture(work, number, rng)
        chosen[str(path)] = facts
    run = subprocess.run([args.graft, "predict", args.model, *chosen, "--jsonl", "--top-k", "1000", "--quiet"],
                         capture_output=True, text=True, check=True)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    for line in run.stdout.splitlines():
        prediction = json.loads(line)
        top = sorted(prediction.get("top", []), key=lambda each: each["index"])
        if not 1 <= len(top) <= 5:
            sys.exit("soak_serve.py: the model needs at most five classes, which the answers name without top_k")
        entry = chosen[prediction["path"]]
        entry["data"] = Path(prediction["path"]).read_bytes()
        entry["classes"] = [each["class"] for each in top]
        entry["probabilities"] = {each["class"]: each["probability"] for each in top}
        connection.request("POST", "/v1/embed", entry["data"])
        entry["embedding"] = json.loads(connection.getresponse().read())["embeddings"][0]["embedding"]
    connection.close()
    return {Path(path).name: entry for path, entry in chosen.items()}


# --- The soak ---------------------------------------------------------------------------------------------------------------

def growth(samples):
    """Of a linear fit of (seconds, MiB), over its whole time."""
    n = len(samples)
    mean_t, mean_m = sum(t for t, _ in samples) / n, sum(m for _, m in samples) / n
    spread = sum((t - mean_t) ** 2 for t, _ in samples)
    slope = sum((t - mean_t) * (m - mean_m) for t, m in samples) / spread
    return slope * (samples[-1][0] - samples[0][0])


def soak(args, server, expected, work, rng):
    """Runs the clients; the samples of memory, the number of reloads and of killed clients, and the results."""
    began = time.monotonic()
    until = began + 60 * args.minutes
    context = multiprocessing.get_context("fork")
    logs = []

    def start():
        logs.append(work / f"client{len(logs)}")
        client = context.Process(target=run_client, args=(server.port, "model", expected, rng.getrandbits(32), until, logs[-1]))
        client.start()
        return client
    clients = [start() for _ in range(args.clients)]
    samples, reloads, killed = [], 0, 0
    next_reload, next_kill, next_line = began + args.reload_seconds, began + 2, began + 30
    while (now := time.monotonic()) < until and server.process.poll() is None:
        samples.append((now - began, server.resident()))
        if now >= next_reload:
            server.process.send_signal(signal.SIGHUP)
            reloads, next_reload = reloads + 1, next_reload + args.reload_seconds
        if now >= next_kill:
            victim = rng.randrange(len(clients))
            clients[victim].kill()
            clients[victim].join()
            clients[victim] = start()
            killed, next_kill = killed + 1, now + rng.uniform(1, 5)
        if now >= next_line:
            print(f"{now - began:5.0f} s: {samples[-1][1]:.0f} MiB resident, {server.descriptors()} descriptors", flush=True)
            next_line += 30
        time.sleep(0.5)
    stuck = 0
    for client in clients:
        client.join(ANSWER_SECONDS + 30 if server.process.poll() is None else 1)
        if client.is_alive():
            client.kill()
            stuck += 1
    lines = [line for log in logs if log.exists() for line in log.read_text().split("\n")[:-1]]
    return samples, reloads, killed, stuck, [json.loads(line) for line in lines]


def many_pictures(server, expected, requests, pictures):
    """Sends requests of many pictures at once: their threads, and the list to which each adds its problem or ""."""
    names = (list(expected) * pictures)[:pictures]
    body = json.dumps({"images": [encoded(expected[n]["data"]) for n in names]}).encode()
    answers = []

    def ask():
        client = Client(server.port, "model", expected, 0)
        try:
            client.compare_predictions(names, client.ask("POST", "/v1/predict", body, "application/json"))
            answers.append("")
        except Exception as error:  # noqa: BLE001
            answers.append(str(error))
    asking = [threading.Thread(target=ask) for _ in range(requests)]
    for each in asking:
        each.start()
    return asking, answers


def fill_queue(server, expected):
    """Brings memory to what a full queue needs (128 pictures), which random clients would reach late."""
    for _ in range(3):
        asking, answers = many_pictures(server, expected, 4, 31)
        for each in asking:
            each.join()
        if any(answers):
            sys.exit(f"soak_serve.py: a full queue: {max(answers)}")


def check_end(args, server, expected, reloads, descriptors):
    """The problems at the end, with SIGTERM while requests are computed."""
    problems = []
    end = time.monotonic() + CLIENT_SECONDS + 10
    while (waiting := server.gauge("graft_queue_pictures")) > 0 and time.monotonic() < end:
        time.sleep(0.5)
    if waiting:
        problems.append(f"{waiting:.0f} pictures wait without clients")
    while (left := server.descriptors()) > descriptors and time.monotonic() < end:
        time.sleep(0.5)
    if left > descriptors:
        problems.append(f"{left} descriptors at the end, {descriptors} at the beginning")
    reloaded = server.output.read_text().count("reloaded\n")
    if reloaded != reloads:
        problems.append(f"{reloaded} reloads for {reloads} signals")
    asking, answers = many_pictures(server, expected, 2, 60)
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    for each in asking:
        each.join()
    problems += [f"SIGTERM during a request: {answer}" for answer in answers if answer]
    try:
        code = server.process.wait(60)
    except subprocess.TimeoutExpired:
        code = "none: it runs a minute after SIGTERM"
    if code != 0:
        problems.append(f"exit code {code}")
    problems += [f"{path} was written" for path in server.written()]
    return problems


def report(args, samples, reloads, killed, stuck, results):
    """Prints what happened; the problems."""
    counts = collections.Counter((action, result) for action, result, _ in results)
    for action in sorted({action for action, _ in counts}):
        print(f"{action:10} " + ", ".join(f"{n} {result}" for (a, result), n in sorted(counts.items()) if a == action))
    print(f"{len(results)} requests, {reloads} reloads, {killed} clients killed")
    problems = []
    failures = collections.Counter(f"{action}: {problem}" for action, result, problem in results if result == "failed")
    problems += [f"{problem} ({n} times)" for problem, n in failures.most_common(20)]
    if stuck:
        problems.append(f"{stuck} clients did not end")
    steady = [sample for sample in samples if sample[0] >= args.warm_up]
    if len(steady) < 10:
        problems.append("no samples of memory after the warm-up")
    else:
        grown, memory = growth(steady), [m for _, m in steady]
        print(f"resident memory after {args.warm_up:.0f} s: {min(memory):.0f} to {max(memory):.0f} MiB, growth of the fit "
              f"{grown:+.1f} MiB in {steady[-1][0] - steady[0][0]:.0f} s (bound {args.growth:g})")
        if grown > args.growth:
            problems.append(f"resident memory grew by {grown:.1f} MiB")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="run folder or model file with at most five classes")
    parser.add_argument("pictures", help="folder of pictures")
    parser.add_argument("--graft", default=str(ROOT / "build" / "graft"), help="the program [build/graft]")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=12, help="processes [12]")
    parser.add_argument("--reload-seconds", type=float, default=30, help="time between two SIGHUP [30]")
    parser.add_argument("--warm-up", type=float, default=60, help="seconds before memory is fitted [60]")
    parser.add_argument("--growth", type=float, default=16, help="largest growth of the fit, in MiB [16]")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.graft = os.path.abspath(args.graft)
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        server = Server(args, work)
        try:
            expected = expected_answers(args, work, server.port, rng)
            fill_queue(server, expected)
            time.sleep(1)
            descriptors = server.descriptors()
            outcome = soak(args, server, expected, work, rng)
            problems = report(args, *outcome)
            if server.process.poll() is None:
                problems += check_end(args, server, expected, outcome[1], descriptors)
            else:
                problems.append(f"the server ended with {server.process.returncode}: {server.output.read_text()[-2000:]}")
        finally:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()
    for problem in problems:
        print(f"FAILED: {problem}")
    print("failed" if problems else "passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
