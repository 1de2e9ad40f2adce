"""The rows of the comparison, as data. A row is a pair of functions, one for each program, that take the workbench and
return a Figure; `rows()` at the end lists them. To add one, write the pair and a line there."""
import statistics
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Callable

from harness.workbench import Workbench, json_lines

LESS, MORE = "less", "more"  # the better direction
RESNET, LITE = "resnet18", "efficientnet_lite0"
MOBILE, CONVNEXT, VIT = "mobilenet_v3_large", "convnext_tiny", "vit_small_patch16_224"
NAMES = {RESNET: "ResNet-18", LITE: "EfficientNet-Lite0", MOBILE: "MobileNetV3-Large", CONVNEXT: "ConvNeXt-T",
         VIT: "ViT-S/16"}
WORKERS = 4
PREDICT_BATCH = 32
PROBE_EPOCHS, QUICK_PROBE_EPOCHS = 25, 2
PROBE_ACCURACY = 0.954


@dataclass
class Figure:
    value: float
    raw: dict = field(default_factory=dict)    # stored in the results with the value
    facts: dict = field(default_factory=dict)  # only for the row's check


@dataclass(frozen=True)
class Row:
    name: str
    label: str
    python: Callable[[Workbench], Figure]  # not called where two programs of graft are compared
    graft: Callable[[Workbench], Figure]
    unit: str = "s"
    better: str = LESS
    bar: float | None = None  # the target ratio
    needs_bf16: bool = False  # the bar applies to processors with bfloat16 instructions
    warm_up: bool = False     # one unmeasured run of each first: for short processes, so that their files are in memory
    check: Callable[[list, list], str] | None = None  # (Python's figures, graft's) → the problem, or ""


# --- The data pipeline alone: images/s per core ----------------------------------------------------------------------

def pipeline_figure(bench, epochs, drop):
    rates = [e["images"] / e["seconds"] / bench.machine["cores"] for e in epochs]
    return Figure(statistics.median(rates[drop:]), {"epochs": epochs}, {"images": [e["images"] for e in epochs]})


def python_pipeline(bench, phase, data=Workbench.data_folder):
    run = bench.run_peer("pipeline.py", data(bench), "--phase", phase, "--epochs", 3, "--workers", WORKERS)
    return pipeline_figure(bench, json_lines(run.output), 0)


def graft_pipeline(bench, phase, *flags, data=Workbench.data_folder, drop=0):
    run = bench.run_graft("bench", data(bench), "--rows", f"pipeline-{phase}", "--epochs", 3, "--workers", WORKERS,
                          "--json", *flags)
    record = next(r for r in json_lines(run.output) if r.get("row") == f"pipeline-{phase}")
    return pipeline_figure(bench, record["epochs"], drop)


def same_images(python, graft):
    counts = python[0].facts["images"], graft[0].facts["images"]
    return "" if set(counts[0]) == set(counts[1]) else f"read {counts[0]} and {counts[1]} images"


def pipeline_rows():
    def row(name, label, phase, bar, *flags, data=Workbench.data_folder, drop=0):
        return Row(name, f"data pipeline, {phase} transform, {label}", partial(python_pipeline, phase=phase, data=data),
                   lambda bench: graft_pipeline(bench, phase, *flags, data=data, drop=drop),
                   "images/s per core", MORE, bar, check=same_images)
    for phase in ("train", "val"):
        yield row(f"pipeline-{phase}", "no cache", phase, 3, "--cache", "off")
        yield row(f"pipeline-{phase}-cached", "decoded cache, after the first epoch", phase, 8, "--cache", "auto",
                  drop=1)
        yield row(f"pipeline-{phase}-12mp", "12-megapixel photos, `--decode fast`", phase, 5, "--cache", "off",
                  "--decode", "fast", data=Workbench.photos)
        yield row(f"pipeline-{phase}-12mp-exact", "12-megapixel photos, every pixel as Pillow's", phase, None,
                  "--cache", "off", data=Workbench.photos)


# --- Training: seconds an epoch, training and validation, mean over the epochs ---------------------------------------

def python_training(bench, model, *flags, epochs=None, memory=False):
    return bench.run_peer("train.py", bench.data, "--model", model, "--weights", bench.weights(model), "--workers",
                          WORKERS, "--epochs", epochs or bench.epochs, "--device", bench.device, *flags, memory=memory)


def graft_training(bench, model, *flags, memory=False):
    """The run and its folder."""
    out = bench.scratch("run")
    run = bench.run_graft("train", bench.data, "--model", model, "--weights", bench.weights(model), "--workers",
                          WORKERS, "--device", bench.device, "--out", out, "--json", "--quiet", *flags, memory=memory)
    return run, Path(out)


def python_epoch(bench, model, *flags):
    run = python_training(bench, model, *flags)
    epochs = [r for r in json_lines(run.output) if "epoch" in r]
    seconds = [e["train_seconds"] + e["val_seconds"] for e in epochs]
    return Figure(statistics.mean(seconds), {"epochs": epochs, "cpu_seconds": run.cpu_seconds})


def graft_epoch(bench, model, *flags):
    run, folder = graft_training(bench, model, "--epochs", bench.epochs, *flags)
    epochs = json_lines((folder / "metrics.jsonl").read_text())
    return Figure(statistics.mean(e["seconds"] for e in epochs), {"epochs": epochs, "cpu_seconds": run.cpu_seconds})


def epoch_rows():
    def row(name, label, model, bar, python_flags, graft_flags, needs_bf16=False):
        return Row(f"{name}-{model}", f"{label}, {NAMES[model]}",
                   lambda bench: python_epoch(bench, model, *python_flags),
                   lambda bench: graft_epoch(bench, model, *graft_flags), bar=bar, needs_bf16=needs_bf16)
    fp32, auto = ["--preset", "finetune", "--precision", "fp32"], ["--preset", "finetune", "--precision", "auto"]
    frozen = ["--preset", "feature-extract", "--precision", "fp32"]
    for model in (RESNET, LITE):
        resnet = model == RESNET  # the bars apply to ResNet
        yield row("finetune", "fine-tune epoch, float32", model, 1.3 if resnet else None, [], fp32)
        yield row("finetune-auto", "fine-tune epoch, `--precision auto`, Python float32", model,
                  2.5 if resnet else None, [], auto, needs_bf16=True)
        yield row("finetune-autocast", "fine-tune epoch, `--precision auto`, Python under autocast to bfloat16", model,
                  None, ["--autocast"], auto)
        yield row("frozen-update", "frozen epoch, batch norm as in the tutorial", model, 1.4, ["--freeze"],
                  [*frozen, "--frozen-bn", "update"])
        yield row("frozen-eval", "frozen epoch, `--frozen-bn eval`, nothing cached", model, 1.7, ["--freeze"],
                  [*frozen, "--frozen-bn", "eval", "--cache", "off"])


def batch_rows():
    """Larger batches of several families."""
    flags = ["--batch-size", 8]
    for model in NAMES:
        yield Row(f"finetune-8-{model}", f"fine-tune epoch at batch 8, float32, {NAMES[model]}",
                  lambda bench, model=model: python_epoch(bench, model, *flags),
                  lambda bench, model=model: graft_epoch(bench, model, "--preset", "finetune", "--precision", "fp32",
                                                         *flags),
                  bar=1.0 if model == VIT else 1.2)


# --- The network alone: milliseconds an image, on a batch in memory --------------------------------------------------

def median_of_passes(milliseconds):
    return Figure(statistics.median(milliseconds), {"passes": milliseconds})


def python_network(bench, model, batch, engine):
    run = bench.run_peer("network.py", "--model", model, "--batch-size", batch, "--engine", engine)
    return median_of_passes([r["milliseconds"] for r in json_lines(run.output)])


def graft_network(bench, model, batch):
    run = bench.run_graft("bench", bench.data, "--rows", "network", "--model", model, "--batch-size", batch, "--epochs", 3,
                          "--device", "cpu", "--json")
    record = next(r for r in json_lines(run.output) if r.get("row") == "network")
    return median_of_passes([1000 * e["seconds"] / e["images"] for e in record["epochs"]])


def network_rows():
    """On the CPU."""
    for engine, label in (("torch", "torch"), ("onnxruntime", "ONNX Runtime")):
        for model in NAMES:
            for batch in (1, 8):
                yield Row(f"network-{engine}-{batch}-{model}", f"the network alone at batch {batch}, {label}, {NAMES[model]}",
                          partial(python_network, model=model, batch=batch, engine=engine),
                          partial(graft_network, model=model, batch=batch), "ms an image", LESS,
                          bar=0.95 if engine == "onnxruntime" else None)


# --- Memory of a training run: the peak of all its processes together ------------------------------------------------

def memory_figure(run, kind):
    return Figure(run.peak_pss_mib if kind == "pss" else run.peak_rss_mib,
                  {"peak_pss_mib": run.peak_pss_mib, "peak_rss_mib": run.peak_rss_mib})


def memory_rows():
    """RSS counts a page in every process that maps it, as `top` does, and is the unit of the bar; PSS counts it once."""
    def row(kind, label, model, bar):
        return Row(f"memory-{kind}-{model}", f"peak memory of fine-tuning, {label}, {NAMES[model]}",
                   lambda bench: memory_figure(python_training(bench, model, epochs=1, memory=True), kind),
                   lambda bench: memory_figure(
                       graft_training(bench, model, "--preset", "finetune", "--epochs", 1, "--precision", "fp32",
                                      memory=True)[0], kind),
                   "MiB", LESS, bar)
    yield row("rss", "RSS of main process and workers added up", RESNET, 2)
    yield row("pss", "PSS of all processes", RESNET, None)
    yield row("pss", "PSS of all processes", LITE, None)


# --- Evaluation of val/ ----------------------------------------------------------------------------------------------

def evaluation_figure(record):
    return Figure(record["seconds"], {k: record[k] for k in ("accuracy", "loss", "count")}, record)


def python_evaluation(bench, model):
    run = bench.run_peer("evaluate.py", bench.data, "--model", model, "--weights", bench.trained_weights(model),
                         "--workers", WORKERS, "--device", bench.device)
    return evaluation_figure(json_lines(run.output)[-1])


def graft_evaluation(bench, model):
    run = bench.run_graft("eval", bench.trained(model), bench.data, "--workers", WORKERS, "--device", bench.device,
                          "--json", "--quiet", *bench.fp32("eval"))
    return evaluation_figure(json_lines(run.output)[-1])


def same_evaluation(python, graft):
    a, b = python[0].facts, graft[0].facts
    same = a["count"] == b["count"] and abs(a["accuracy"] - b["accuracy"]) < 1e-6 and abs(a["loss"] - b["loss"]) < 1e-3
    return "" if same else "the results differ: " + " and ".join(
        f"accuracy {r['accuracy']:.4f}, loss {r['loss']:.4f}, {r['count']} pictures" for r in (a, b))


def evaluation_rows():
    for model in (RESNET, LITE):
        yield Row(f"evaluate-{model}", f"evaluation of val/, {NAMES[model]}", partial(python_evaluation, model=model),
                  partial(graft_evaluation, model=model), bar=1.6 if model == RESNET else None, check=same_evaluation)


# --- Prediction: whole processes, from their start to the answer -----------------------------------------------------

def python_prediction(bench, model, path):
    run = bench.run_peer("predict.py", path, "--model", model, "--weights", bench.trained_weights(model), "--classes",
                         *bench.classes(), "--workers", WORKERS, "--batch-size", PREDICT_BATCH, "--device",
                         bench.device)
    return run, {Path(r["path"]).name: r["predicted"] for r in json_lines(run.output)}


def graft_prediction(bench, model, path):
    run = bench.run_graft("predict", bench.trained(model), path, "--jsonl", "--top-k", 1, "--workers", WORKERS,
                          "--batch-size", PREDICT_BATCH, "--device", bench.device, "--quiet", *bench.fp32("predict"))
    return run, {Path(r["path"]).name: r["top"][0]["class"] for r in json_lines(run.output)}


def one_picture(bench, predict, model):
    run, answers = predict(bench, model, bench.pictures()[0])
    return Figure(run.wall_seconds, {"cpu_seconds": run.cpu_seconds}, answers)


def whole_folder(bench, predict, model):
    run, answers = predict(bench, model, Path(bench.data, "val"))
    raw = {"wall_seconds": run.wall_seconds, "images": len(answers), "cpu_seconds": run.cpu_seconds}
    return Figure(len(answers) / run.wall_seconds, raw, answers)


def same_answers(python, graft):
    """Two classes can have equal probabilities within rounding, so 1 % of the predictions may differ."""
    a, b = python[0].facts, graft[0].facts
    if a.keys() != b.keys():
        return f"{len(a)} and {len(b)} pictures were answered"
    differ = sum(a[name] != b[name] for name in a)
    return f"{differ} of {len(a)} answers differ" if differ > len(a) / 100 else ""


def prediction_rows():
    for model in (RESNET, LITE):
        def row(name, label, measure, *args, model=model, **fields):
            return Row(f"{name}-{model}", f"{label}, {NAMES[model]}",
                       partial(measure, predict=python_prediction, model=model),
                       partial(measure, predict=graft_prediction, model=model), *args, warm_up=True, check=same_answers,
                       **fields)
        yield row("predict-one", "predict one picture, process start to answer", one_picture, bar=8)
        yield row("predict-folder", "predict val/, start included", whole_folder, "images/s", MORE)


# --- The probe against the tutorial's 25 frozen epochs: whole processes ----------------------------------------------

def python_frozen_training(bench):
    epochs = QUICK_PROBE_EPOCHS if bench.quick else PROBE_EPOCHS
    run = python_training(bench, LITE, "--freeze", epochs=epochs)
    end = json_lines(run.output)[-1]
    per_epoch = end["seconds"] / epochs
    seconds = run.wall_seconds + per_epoch * (PROBE_EPOCHS - epochs)
    return Figure(seconds, {"wall_seconds": run.wall_seconds, "epochs": epochs, "scaled": epochs != PROBE_EPOCHS,
                            "best_val_acc": end["best_val_acc"]})


def graft_probe(bench):
    run, _ = graft_training(bench, LITE, "--preset", "probe", "--feature-cache", "off")  # without cached features
    accuracy = json_lines(run.output)[-1]["best_val_acc"]
    return Figure(run.wall_seconds, {"best_val_acc": accuracy}, {"best_val_acc": accuracy})


def probe_accuracy(_python, graft):
    worst = min(figure.facts["best_val_acc"] for figure in graft)
    return "" if worst >= PROBE_ACCURACY else f"validation accuracy {worst:.4f}, below {PROBE_ACCURACY}"


def probe_rows():
    yield Row("probe", f"`--preset probe` against {PROBE_EPOCHS} frozen epochs, {NAMES[LITE]}", python_frozen_training,
              graft_probe, bar=25, check=probe_accuracy)


def rows():
    return [*pipeline_rows(), *epoch_rows(), *batch_rows(), *network_rows(), *evaluation_rows(), *prediction_rows(), *probe_rows(), *memory_rows()]
