#!/usr/bin/env python3
"""Measures what the answers of a model are worth: calibration, prediction sets and unknown pictures (docs/trust.md).

    bench/trust.py --known hymenoptera_data --unknown stamps --model efficientnet_lite0
    bench/trust.py --known stamps --held-out-classes 0.33 --seeds 10

Of each seed a third of the pictures is held out of training and calibration and measures. --held-out-classes leaves out
a share of the classes and takes their pictures for unknown ones. Needs the standard library alone.
"""
import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import mean

PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graft", default="build/graft")
    parser.add_argument("--known", required=True, help="folder with a folder for each class, or with train/ and val/")
    parser.add_argument("--unknown", help="folder with other pictures")
    parser.add_argument("--held-out-classes", type=float, default=0, help="share of the classes of --known")
    parser.add_argument("--least", type=int, default=10, help="pictures of a class; smaller classes are left out")
    parser.add_argument("--model", default="efficientnet_lite0")
    parser.add_argument("--preset", default="probe")
    parser.add_argument("--coverage", type=float, nargs="+", default=[0.8, 0.9, 0.95])
    parser.add_argument("--seeds", type=int, default=1)
    return parser.parse_args()


def pictures_below(folder):
    return sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in PICTURES)


def classes_of(folder, least):
    """The pictures of each class: the path below the folder (without train/ and val/) names it."""
    classes = {}
    for path in pictures_below(folder):
        parts = [p for p in path.relative_to(folder).parts[:-1] if p not in ("train", "val", "test")]
        classes.setdefault("-".join(parts[:2]), []).append(path)
    return {name: paths for name, paths in classes.items() if len(paths) >= least}


def link(classes, root):
    for name, paths in classes.items():
        (root / name).mkdir(parents=True)
        for i, path in enumerate(paths):
            (root / name / f"{i}{path.suffix.lower()}").symlink_to(path.resolve())


def auroc(known, unknown):
    """The probability that an unknown picture has the larger score; ties count half."""
    ranked = sorted([(s, 0) for s in known] + [(s, 1) for s in unknown])
    total, i = 0.0, 0
    while i < len(ranked):
        j = i
        while j < len(ranked) and ranked[j][0] == ranked[i][0]:
            j += 1
        total += (i + j + 1) / 2 * sum(kind for _, kind in ranked[i:j])
        i = j
    count = len(unknown)
    return (total - count * (count + 1) / 2) / (count * len(known))


def wilson(hits, count, z=1.959964):
    share, square = hits / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = z / (1 + square / count) * (share * (1 - share) / count + square / (4 * count * count)) ** 0.5
    return middle - half, middle + half


def predictions(graft, run, paths, *more):
    command = [graft, "predict", run, *more, "--jsonl", "--top-k", "1", *map(str, paths)]
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def calibration_error(rows, bins=15):
    error = 0
    for b in range(bins):
        inside = [(p, right) for p, right in rows if b / bins < p <= (b + 1) / bins]
        error += abs(sum(right - p for p, right in inside))
    return error / len(rows)


def measure(args, seed, folder):
    classes = classes_of(args.known, args.least)
    unknown = pictures_below(args.unknown) if args.unknown else []
    if args.held_out_classes:
        names = sorted(classes)
        for name in random.Random(seed).sample(names, round(len(names) * args.held_out_classes)):
            unknown += classes.pop(name)
    data, run = folder / "data", folder / "run"
    link(classes, data)
    subprocess.run([args.graft, "train", data, "--model", args.model, "--preset", args.preset, "--test-fraction", "0.33",
                    "--val-fraction", "0.3", "--split-seed", str(seed), "--seed", str(seed), "--out", run, "--quiet"],
                   check=True, stdout=subprocess.DEVNULL)
    record = json.loads((run / "evaluation.json").read_text())
    with open(run / "predictions_test.csv", newline="") as file:
        label = {row["path"]: row["label"] for row in csv.DictReader(file)}
    result = {"calibration": record.get("calibration", {}), "tested": len(label), "coverage": {}}
    answers = predictions(args.graft, run, label)
    result["test_error"] = calibration_error(
        [(a["top"][0]["probability"], a["labels"][0] == label[a["path"]]) for a in answers])
    for coverage in args.coverage:
        sets = predictions(args.graft, run, label, "--coverage", str(coverage))
        if sets:
            result["coverage"][coverage] = (sum(label[s["path"]] in s["set"] for s in sets), len(sets),
                                            mean(len(s["set"]) for s in sets))
    if unknown and "unknown_score" in answers[0]:
        others = predictions(args.graft, run, unknown)
        result["score"] = auroc([a["unknown_score"] for a in answers], [a["unknown_score"] for a in others])
        result["softmax"] = auroc([1 - a["top"][0]["probability"] for a in answers],
                                  [1 - a["top"][0]["probability"] for a in others])
        result["false_alarms"] = mean(not a["known"] for a in answers)
        result["found"] = mean(not a["known"] for a in others)
    return result


def main():
    args = parse()
    args.graft = os.path.abspath(args.graft)
    results = []
    for seed in range(args.seeds):
        folder = Path(tempfile.mkdtemp())
        try:
            results.append(measure(args, seed, folder))
        finally:
            shutil.rmtree(folder)
        print(f"seed {seed}: {json.dumps(results[-1])}", flush=True)
    for coverage in args.coverage:
        rows = [r["coverage"][coverage] for r in results if coverage in r["coverage"]]
        if rows:
            hits, count = sum(r[0] for r in rows), sum(r[1] for r in rows)
            low, high = wilson(hits, count)
            print(f"coverage {coverage}: {hits / count:.4f} of {count} ({low:.4f} to {high:.4f}), "
                  f"{mean(r[2] for r in rows):.2f} classes a set")
    print(f"expected calibration error of the test pictures: {mean(r['test_error'] for r in results):.4f}")
    if any("score" in r for r in results):
        rows = [r for r in results if "score" in r]
        print("unknown pictures: AUROC {:.4f}, of the maximum softmax probability {:.4f}; found {:.3f} at a false-alarm rate "
              "of {:.3f}".format(*(mean(r[k] for r in rows) for k in ("score", "softmax", "found", "false_alarms"))))


if __name__ == "__main__":
    main()
