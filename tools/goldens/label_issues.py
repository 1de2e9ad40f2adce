"""Makes tests/golden/trust/label_issues.json from cleanlab: the reference for tests/trust.

    python tools/goldens/label_issues.py [RUN]

Needs cleanlab 2.7, numpy and safetensors. RUN is a run of `graft train TABLE --model efficientnet_lite0 --preset probe
--folds 5`, where TABLE has hymenoptera's pictures with a tenth of the labels replaced; without it the case made from one
does not change.

Which of several equal values numpy's argsort takes first depends on the processor, and so do a few of cleanlab's issues.
Here argsort is stable, as graft's order is.
"""

import csv
import json
import pathlib
import sys
import warnings

import numpy as np

ARGSORT = np.argsort
np.argsort = lambda values, axis=-1, kind=None, order=None: ARGSORT(values, axis=axis, kind="stable", order=order)

from cleanlab.filter import find_label_issues  # noqa: E402
from cleanlab.multilabel_classification import filter as several  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/trust/label_issues.json"
UNIT = 4096  # probabilities are whole multiples of 1 / UNIT, which float32 holds exactly


def softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def case(name, labels, probabilities, unit=1):
    exact = np.asarray(probabilities, np.float32).astype(np.float64)
    issues = find_label_issues(labels, exact, return_indices_ranked_by="self_confidence", n_jobs=1)
    values = np.round(exact * unit).astype(int) if unit > 1 else exact
    return {"name": name, "classes": exact.shape[1], "unit": unit, "labels": labels.tolist(),
            "probabilities": values.ravel().tolist(), "issues": issues.tolist()}


def drawn(name, seed, samples, classes, wrong, margin, present=None, steps=UNIT):
    """Random logits whose largest is often the label's; a share `wrong` of the labels is replaced."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, present or classes, samples)
    logits = random.normal(size=(samples, classes))
    logits[np.arange(samples), truth] += margin
    replaced = random.integers(0, present or classes, samples)
    labels = np.where(random.random(samples) < wrong, replaced, truth)
    return case(name, labels, np.round(softmax(logits) * steps) / steps, UNIT)


def held_out(run):
    """The out-of-fold probabilities of a cross-validated run."""
    from safetensors.numpy import load_file

    classes = (run / "classes.txt").read_text().split()
    with open(run / "predictions_val.csv", newline="") as file:
        labels = np.array([classes.index(row["label"]) for row in csv.DictReader(file)])
    outputs = load_file(run / "outputs_val.safetensors")["outputs"].astype(np.float64)
    return case("hymenoptera out of fold", labels, softmax(outputs))


def several_classes():
    random = np.random.default_rng(7)
    samples, classes = 120, 4
    truth = random.random((samples, classes)) < 0.4
    truth[:, 3] = False
    labels = truth ^ (random.random((samples, classes)) < 0.08)
    scores = 1 / (1 + np.exp(-((truth * 2.0 - 1) * 2 + random.normal(size=truth.shape))))
    scores = np.round(scores * UNIT) / UNIT
    issues = several.find_multilabel_issues_per_class([np.flatnonzero(row).tolist() for row in labels], scores, n_jobs=1)
    return {"classes": classes, "unit": UNIT, "truth": labels.astype(int).ravel().tolist(),
            "scores": np.round(scores * UNIT).astype(int).ravel().tolist(), "issues": np.argwhere(issues).tolist()}


warnings.filterwarnings("ignore")
if len(sys.argv) > 1:
    hymenoptera = held_out(pathlib.Path(sys.argv[1]))
else:
    hymenoptera = json.loads(OUT.read_text())["single"][0]
single = [
    hymenoptera,
    drawn("two classes", 1, 200, 2, 0.2, 2),
    drawn("five classes", 2, 250, 5, 0.3, 2),
    drawn("many classes", 3, 240, 60, 0.2, 4),
    drawn("classes without samples", 4, 120, 8, 0.2, 2, present=5),
    drawn("equal probabilities", 5, 150, 3, 0.3, 1, steps=8),
    drawn("no information", 6, 120, 4, 0.5, 0),
    drawn("a sample or two a class", 7, 24, 16, 0.3, 2),
]
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps({"single": single, "several": several_classes()}, separators=(",", ":")) + "\n")
for each in single:
    print(each["name"], len(each["labels"]), len(each["issues"]))
