"""Transfer learning as in PyTorch's tutorial: every layer, or with --freeze only the head.

Prints a line of JSON for each epoch and one at the end.
"""
import argparse
import os
import resource
import tempfile
import time

import torch
from torch import nn, optim
from torch.optim import lr_scheduler

import common


def run_phase(model, loader, phase, device, criterion, optimizer, autocast):
    model.train(phase == "train")
    loss_sum, correct, count = 0.0, 0, 0
    for inputs, labels in loader:
        inputs, labels = inputs.to(device), labels.to(device)
        optimizer.zero_grad()
        with torch.set_grad_enabled(phase == "train"):
            with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
                outputs = model(inputs)
                loss = criterion(outputs, labels)
            predicted = torch.max(outputs, 1)[1]
            if phase == "train":
                loss.backward()
                optimizer.step()
        loss_sum += loss.item() * inputs.size(0)
        correct += torch.sum(predicted == labels).item()
        count += inputs.size(0)
    return loss_sum / count, correct / count


def train(model, trained, loaders, args, device):
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(trained, lr=0.001, momentum=0.9)
    scheduler = lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    best, began = -1.0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for epoch in range(args.epochs):
            record = {"epoch": epoch}
            for phase, loader in loaders.items():
                phase_began = time.perf_counter()
                loss, accuracy = run_phase(model, loader, phase, device, criterion, optimizer, args.autocast)
                if phase == "train":
                    scheduler.step()
                record |= {f"{phase}_loss": loss, f"{phase}_acc": accuracy,
                           f"{phase}_seconds": time.perf_counter() - phase_began}
            if record["val_acc"] > best:
                best = record["val_acc"]
                torch.save(model.state_dict(), os.path.join(folder, "best.pt"))
            common.say(**record)
        model.load_state_dict(torch.load(os.path.join(folder, "best.pt"), weights_only=True))
    return best, time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="folder with train/ and val/")
    parser.add_argument("--weights", help="initial state dict, with 1000 classes")
    parser.add_argument("--freeze", action="store_true", help="train only the head")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--autocast", action="store_true", help="use bfloat16 by autocast")
    common.add_arguments(parser)
    args = parser.parse_args()

    torch.manual_seed(0)
    device = common.select_device(args.device)
    loaders = {phase: common.folder_loader(args.data, phase, args) for phase in ("train", "val")}
    model = common.untouched_network(args.model, args.weights)
    if args.freeze:
        for parameter in model.parameters():
            parameter.requires_grad = False
    head = common.replace_head(model, args.model, len(loaders["train"].dataset.classes))
    model = model.to(device)
    best, seconds = train(model, head.parameters() if args.freeze else model.parameters(), loaders, args, device)
    peak = {who: resource.getrusage(what).ru_maxrss / 1024
            for who, what in (("main", resource.RUSAGE_SELF), ("largest_worker", resource.RUSAGE_CHILDREN))}
    common.say(best_val_acc=best, seconds=seconds, peak_rss_mib=peak)


if __name__ == "__main__":
    main()
