#!/usr/bin/env python3
"""Writes tests/golden/hub/transformers.json: networks of the Python package transformers.

    python tools/goldens/transformers_models.py

Needs transformers, torch and timm. Every parameter and buffer of transformers' network is filled by formula.py, under
its names in files ("vit.encoder.layer.0.attention.attention.query.weight"); the images are
formula.tensor("images", shape).

Fields of the JSON, for each model:

    config       its config.json
    tensors      names and shapes of the tensors in its file, "name:2x3", in order
    eval         of transformers' network in eval mode: "input", the shape of the images; "logits", or for a network
                 without a head the first 64 "features"
"""
import json
import pathlib
import sys
import tempfile

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import safetensors.torch
import torch
import transformers

import formula

PATH = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/hub/transformers.json"
LABELS = {0: "ants", 1: "bees", 2: "wasps"}


def numbers(values):
    return [float(f"{value:.7g}") for value in values.flatten().tolist()[:64]]


def models():
    t = transformers
    yield "vit_tiny_patch16_224", t.ViTForImageClassification, t.ViTConfig(
        hidden_size=192, num_attention_heads=3, intermediate_size=768, id2label=LABELS)
    yield "vit_small_patch14_reg4_dinov2", t.Dinov2WithRegistersModel, t.Dinov2WithRegistersConfig(
        hidden_size=384, num_attention_heads=6, image_size=70, patch_size=14)
    yield "convnext_tiny", t.ConvNextForImageClassification, t.ConvNextConfig(id2label=LABELS)
    yield "convnextv2_atto", t.ConvNextV2ForImageClassification, t.ConvNextV2Config(
        hidden_sizes=[40, 80, 160, 320], depths=[2, 2, 6, 2], id2label=LABELS)
    yield "resnet18", t.ResNetForImageClassification, t.ResNetConfig(
        hidden_sizes=[64, 128, 256, 512], depths=[2, 2, 2, 2], layer_type="basic", id2label=LABELS)
    yield "swin_tiny_patch4_window7_224", t.SwinForImageClassification, t.SwinConfig(id2label=LABELS)


def in_file(network, folder):
    """Its tensors under the names in its file, which differ from those of the modules, filled by the formula."""
    network.save_pretrained(folder)
    path = pathlib.Path(folder) / "model.safetensors"
    shapes = {name: tuple(value.shape) for name, value in safetensors.torch.load_file(path).items()}
    state = {name: torch.from_numpy(formula.parameter(name, shape)) for name, shape in shapes.items()}
    safetensors.torch.save_file(state, path, metadata={"format": "pt"})
    return shapes


@torch.no_grad()
def answer(network, shape):
    outputs = network(torch.from_numpy(formula.tensor("images", shape)))
    if hasattr(outputs, "pooler_output"):
        return {"input": list(shape), "features": numbers(outputs.pooler_output)}
    return {"input": list(shape), "logits": numbers(outputs.logits)}


def main():
    golden = {}
    for name, kind, config in models():
        with tempfile.TemporaryDirectory() as folder:
            shapes = in_file(kind(config), folder)
            network = kind.from_pretrained(folder).eval()
        side = config.image_size if hasattr(config, "image_size") else 224
        golden[name] = {"config": json.loads(network.config.to_json_string(use_diff=True)),
                        "tensors": [f"{key}:{'x'.join(map(str, shape))}" for key, shape in shapes.items()],
                        "eval": answer(network, (1, 3, side, side))}
        print(name, golden[name]["eval"], flush=True)
    PATH.write_text("{" + ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in golden.items()) + "}\n")


if __name__ == "__main__":
    main()
