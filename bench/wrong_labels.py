#!/usr/bin/env python3
"""Precision and recall of `graft check --model` on labels of which a share has been replaced by another class.

    bench/wrong_labels.py GRAFT DATA MODEL [SHARE] [SEEDS]

Writes tables of labels and of proposals into a temporary folder; DATA, which has train/ and val/ or class folders, is
read only.
"""

import csv
import pathlib
import random
import subprocess
import sys
import tempfile

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def pictures(data):
    roots = [data / part for part in ("train", "val") if (data / part).is_dir()] or [data]
    return [(path.resolve(), folder.name) for root in roots for folder in sorted(root.iterdir()) if folder.is_dir()
            for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS]


def measure(graft, labelled, model, share, seed, folder):
    draw = random.Random(seed)
    classes = sorted({label for _, label in labelled})
    wrong = set(draw.sample(range(len(labelled)), round(share * len(labelled))))
    table, proposals = folder / "labels.csv", folder / "proposals.csv"
    with open(table, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "label"])
        for i, (path, label) in enumerate(labelled):
            rows.writerow([path, draw.choice([each for each in classes if each != label]) if i in wrong else label])
    subprocess.run([graft, "check", table, "--model", model, "--csv", proposals, "--no-near"], check=False,
                   stdout=subprocess.DEVNULL)
    truth = {str(path): label for path, label in labelled}
    found = right = 0
    with open(proposals, newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] == row["given"]:
                continue
            found += 1
            right += row["given"] != truth[row["path"]]
    return right / max(found, 1), right / len(wrong), found


def main():
    graft, data, model = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    share = float(sys.argv[4]) if len(sys.argv) > 4 else 0.1
    seeds = int(sys.argv[5]) if len(sys.argv) > 5 else 5
    labelled = pictures(data)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(seeds):
            precision, recall, found = measure(graft, labelled, model, share, seed, pathlib.Path(folder))
            print(f"seed {seed}: {found} suspects, precision {precision:.3f}, recall {recall:.3f}", flush=True)


if __name__ == "__main__":
    main()
