#!/usr/bin/env python3
"""Accuracy by the number of labelled pictures: chosen by graft label-next, or at random.

    bench/label_next.py hymenoptera_data --model efficientnet_lite0

The folder has train/ and val/. Each round labels 20 more of the training pictures, fits a probe (--preset probe) on the
frozen network, and measures it on val/. A simulation: the labels exist, and are uncovered as they are chosen.
"""
import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import tempfile

GRAFT = pathlib.Path(__file__).resolve().parent.parent / "build" / "graft"
STEP, ROUNDS = 20, 5


def graft(*arguments):
    return subprocess.run([GRAFT, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def pictures(folder):
    return sorted(path for path in folder.glob("*/*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))


def label(data, chosen):
    for path in chosen:
        place = data / "train" / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path)


def train(data, run, model, seed):
    words = graft("train", data, "--model", model, "--preset", "probe", "--seed", seed, "--out", run, "--json", "-q")
    return json.loads(words)["best_val_acc"]


def next_pictures(run, source, pool, way, seed):
    if way == "random":
        return random.Random(seed).sample(pool, STEP)
    table = graft("label-next", run, source / "train", "--count", STEP, "--seed", seed, "--csv", "-", "-q")
    return [pathlib.Path(row["path"]) for row in csv.DictReader(table.splitlines())]


def simulate(source, model, way, seed, work):
    data, pool = work / "data", pictures(source / "train")
    (data / "train").mkdir(parents=True)
    (data / "val").symlink_to(source / "val")
    chosen, accuracies = random.Random(100 + seed).sample(pool, STEP), []
    for number in range(ROUNDS):
        label(data, chosen)
        pool = [path for path in pool if path not in set(chosen)]
        run = work / f"run{number}"
        accuracies.append(train(data, run, model, seed))
        if number + 1 < ROUNDS:
            chosen = next_pictures(run, source, pool, way, 1000 * number + seed)
    return accuracies


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--model", default="resnet18")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    print("| labelled | " + " | ".join(str(STEP * (i + 1)) for i in range(ROUNDS)) + " |")
    print("|---" * (ROUNDS + 1) + "|")
    for way in ("label-next", "random"):
        rows = []
        for seed in range(arguments.seeds):
            with tempfile.TemporaryDirectory() as work:
                rows.append(simulate(arguments.data.resolve(), arguments.model, way, seed, pathlib.Path(work)))
        cells = [f"{statistics.mean(column):.4f} ± {statistics.stdev(column):.4f}" for column in zip(*rows)]
        print(f"| {way} | " + " | ".join(cells) + " |", flush=True)


main()
