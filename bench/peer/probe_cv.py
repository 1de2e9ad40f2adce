#!/usr/bin/env python3
"""scikit-learn's LogisticRegressionCV on the features that graft's probe used, beside graft's own figures.

    graft train DATA --model NAME --preset probe --feature-cache CACHE --out RUN
    bench/peer/probe_cv.py DATA CACHE RUN [--seeds 5]

DATA has train/ and val/. Both programs see the same features, take l2 from the same grid, and choose it by the mean
held-out log loss of five stratified folds. The folds are scikit-learn's, of several seeds: their spread shows how
much of a difference is that of the folds. Needs numpy and scikit-learn.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict

L2 = [3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003]  # graft/train/probe.cpp
PICTURES = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"}
DTYPES = {"F32": np.float32, "U8": np.uint8, "I32": np.int32}


def safetensors(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(data[8 + size + begin : 8 + size + end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def features_by_hash(cache):
    rows = {}
    for path in cache.glob("*.safetensors"):
        tensors = safetensors(path)
        for features, digits, view in zip(tensors["features"], tensors["hashes"], tensors["views"]):
            if view == 0:
                rows[bytes(digits).decode()] = features
    return rows


def part(folder, rows):
    features, labels = [], []
    for path in sorted(folder.glob("*/*")):
        key = hashlib.sha256(path.read_bytes()).hexdigest() if path.suffix.lower() in PICTURES else ""
        if key in rows:
            features.append(rows[key])
            labels.append(path.parent.name)
    if not features:
        sys.exit(f"{folder}: the cache has none of its pictures; train with --preset probe --feature-cache first")
    return np.stack(features).astype(np.float64), np.array(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    rows = features_by_hash(args.cache)
    x, y = part(args.data / "train", rows)
    x_val, y_val = part(args.data / "val", rows)
    mean, scale = x.mean(0), np.sqrt(((x - x.mean(0)) ** 2).mean())
    x, x_val = (x - mean) / scale, (x_val - mean) / scale
    summary = json.loads((args.run / "summary.json").read_text())
    val = summary["evaluation"]["val"]
    print(f"graft         l2 {summary['probe']['l2']:<7g} held-out loss {summary['probe']['cv_loss']:.4f}  val {json.dumps(val.get('metrics', val))}")
    for seed in range(args.seeds):
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)

        # The weights' penalty is l2/2 beside a mean loss: C = 1 / (pictures · l2).
        def model(l2, pictures):
            return LogisticRegression(C=1 / (pictures * l2), max_iter=5000, tol=1e-6)

        losses = [log_loss(y, cross_val_predict(model(l2, 0.8 * len(y)), x, y, cv=folds, method="predict_proba")) for l2 in L2]
        best = int(np.argmin(losses))
        fit = model(L2[best], len(y)).fit(x, y)
        print(f"scikit-learn  l2 {L2[best]:<7g} held-out loss {losses[best]:.4f}  val acc {fit.score(x_val, y_val):.4f}"
              f"  loss {log_loss(y_val, fit.predict_proba(x_val)):.4f}  (folds of seed {seed})")


if __name__ == "__main__":
    main()
