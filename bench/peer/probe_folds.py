#!/usr/bin/env python3
"""scikit-learn's LogisticRegressionCV beside graft's probe: the same features, the same held-out folds.

    graft train DATA --model NAME --preset probe --folds 5 --calibration off --out RUN
    graft embed RUN DATA --out features.npy
    bench/peer/probe_folds.py RUN features.npy

Of each fold both choose the regularisation by a cross-validation within the other folds, from the same nine values, and
predict the fold. Needs numpy and scikit-learn.
"""
import csv
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import log_loss

L2 = [3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003]  # graft/train/probe.cpp


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def main():
    run, features = Path(sys.argv[1]), np.load(sys.argv[2]).astype(np.float64)
    place = {row["path"]: i for i, row in enumerate(table(sys.argv[2] + ".paths.csv"))}
    folds = [table(path) for path in sorted(run.glob("folds/*/predictions_val.csv"))]
    rows = [(row["path"], row["label"], fold) for fold, rows_of_fold in enumerate(folds) for row in rows_of_fold]
    x = features[[place[path] for path, _, _ in rows]]
    names = sorted({label for _, label, _ in rows})
    y = np.array([names.index(label) for _, label, _ in rows])
    fold_of = np.array([fold for _, _, fold in rows])
    probabilities = np.zeros((len(rows), len(names)))
    for fold in range(len(folds)):
        train = fold_of != fold
        mean, scale = x[train].mean(0), x[train].std()  # one number, as graft
        fit = LogisticRegressionCV(Cs=[1 / (l2 * train.sum()) for l2 in L2], cv=5, scoring="neg_log_loss", max_iter=5000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit.fit((x[train] - mean) / scale, y[train])
        probabilities[~train] = fit.predict_proba((x[~train] - mean) / scale)
    record = json.loads((run / "evaluation.json").read_text())["out_of_fold"]
    print(f"{len(rows)} pictures, {len(folds)} folds")
    print(f"graft         log loss {record['loss']:.4f}  accuracy {record['metrics']['acc']:.4f}")
    print(f"scikit-learn  log loss {log_loss(y, probabilities, labels=range(len(names))):.4f}  "
          f"accuracy {(probabilities.argmax(1) == y).mean():.4f}")


if __name__ == "__main__":
    main()
