#!/usr/bin/env python3
"""Accuracy of a small network with few labels: alone, with a teacher, and with its answers for unlabelled pictures.

    bench/distill.py hymenoptera_data --model efficientnet_lite0 --teacher efficientnet_lite2

The folder has train/ and val/. 60 training pictures keep their labels; both networks train on these only (the teacher by
--preset probe), and the rest are the unlabelled ones. Accuracies are of the last epoch (--keep last).
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import tempfile

GRAFT = pathlib.Path(__file__).resolve().parent.parent / "build" / "graft"
LABELLED = 60


def accuracy(*arguments):
    words = subprocess.run([GRAFT, "train", *map(str, arguments), "--json", "-q"], check=True, capture_output=True,
                           text=True).stdout
    return json.loads(words)["last_val_acc"]


def divide(source, seed, work):
    pool = sorted((source / "train").glob("*/*.jpg"))
    random.Random(seed).shuffle(pool)
    (work / "unlabelled").mkdir(parents=True)
    for number, path in enumerate(pool):
        folder = work / "data" / "train" / path.parent.name if number < LABELLED else work / "unlabelled"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).symlink_to(path)
    (work / "data" / "val").symlink_to(source / "val")


def measure(arguments, seed, work):
    divide(arguments.data.resolve(), seed, work)
    data, teacher = work / "data", work / "teacher"
    student = (data, "--model", arguments.model, "--keep", "last", "--seed", seed, *arguments.student)
    return {
        "teacher, labels": accuracy(data, "--model", arguments.teacher, "--preset", "probe", "--seed", seed, "--out", teacher),
        "labels": accuracy(*student, "--out", work / "labels"),
        "labels and teacher": accuracy(*student, "--teacher", teacher, "--out", work / "taught"),
        "labels, teacher, unlabelled": accuracy(*student, "--teacher", teacher, "--unlabelled", work / "unlabelled",
                                                "--out", work / "unlabelled-run"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--model", default="resnet18")
    parser.add_argument("--teacher", default="resnet50")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("student", nargs="*", help="options of the student's training, after --",
                        default=["--preset", "feature-extract", "--epochs", "4", "--batch-size", "16", "--lr", "0.02"])
    arguments = parser.parse_args()
    runs = []
    for seed in range(arguments.seeds):
        with tempfile.TemporaryDirectory() as work:
            runs.append(measure(arguments, seed, pathlib.Path(work)))
            print(runs[-1], flush=True)
    for name in runs[0]:
        values = [run[name] for run in runs]
        print(f"| {name} | {statistics.mean(values):.4f} ± {statistics.stdev(values):.4f} |")


main()
