"""Loss and accuracy of a trained network over val/, as one line of JSON."""
import argparse
import time

import torch
from torch import nn

import common


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="folder with val/")
    parser.add_argument("--weights", required=True, help="state dict of the trained network")
    common.add_arguments(parser)
    args = parser.parse_args()

    device = common.select_device(args.device)
    loader = common.folder_loader(args.data, "val", args)
    model = common.trained_network(args.model, len(loader.dataset.classes), args.weights).to(device)
    criterion = nn.CrossEntropyLoss()
    loss_sum, correct, count = 0.0, 0, 0
    model.eval()
    began = time.perf_counter()
    with torch.no_grad():
        for inputs, labels in loader:
            inputs, labels = inputs.to(device), labels.to(device)
            outputs = model(inputs)
            loss_sum += criterion(outputs, labels).item() * inputs.size(0)
            correct += torch.sum(torch.max(outputs, 1)[1] == labels).item()
            count += inputs.size(0)
    common.say(accuracy=correct / count, loss=loss_sum / count, count=count, seconds=time.perf_counter() - began)


if __name__ == "__main__":
    main()
