#!/usr/bin/env python3
"""Writes tests/golden/training.json: the results of the transfer-learning tutorial in Python on hymenoptera_data.

    python tools/goldens/training.py HYMENOPTERA_DATA [--threads N] [--out FILE]

torchvision's resnet18 with two outputs, filled by formula.fill_for_training (C++: fill_for_training in
tests/support/formula.h), trained by SGD (learning rate 0.001, momentum 0.9) in batches of 4 with the validation
transform in both phases, so that nothing is random. Step i of the training pictures' order is picture
(i · order_step) mod train_count of ImageFolder's order, the same in every epoch: in ImageFolder's own order all ants
come before all bees, and the network oscillates between them. Validation pictures are in ImageFolder's order. The
last batch of a phase may be smaller. Two scenarios:

    finetune         every parameter is trained
    feature-extract  only fc is trained; the network is in train mode in the train phase, so that batch norm
                     normalises by the batch and its running statistics change (graft: freeze, frozen_bn = update)

Fields of the JSON:

    network, classes, batch_size, lr, momentum, epochs, order_step   as above
    train_count, val_count                               pictures in the two phases
    scenarios.NAME                                       a list with one object per epoch:
        train_loss, val_loss                             mean cross entropy over the pictures, float64 sums
        train_acc, val_acc                               fraction of pictures whose largest logit is the label's

Between one thread and two, the losses of finetune differ by at most 3 in 10,000, those of feature-extract not in six
digits, and no accuracy differs. The golden was made with one thread.
"""
import argparse
import json
import pathlib

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import torch
import torchvision

import formula

EPOCHS, BATCH_SIZE, LR, MOMENTUM, ORDER_STEP = 2, 4, 0.001, 0.9, 101


def phase_set(folder):
    t = torchvision.transforms
    steps = [t.Resize(256), t.CenterCrop(224), t.ToTensor(), t.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    return torchvision.datasets.ImageFolder(folder, t.Compose(steps))


def run_phase(network, pictures, optimizer=None):
    """One pass; trains if there is an optimizer. Returns mean loss and accuracy."""
    network.train(optimizer is not None)
    loss_sum, right = 0.0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for images, labels in torch.utils.data.DataLoader(pictures, BATCH_SIZE):
            logits = network(images)
            loss = torch.nn.functional.cross_entropy(logits, labels)
            if optimizer:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            loss_sum += loss.item() * len(labels)
            right += int((logits.argmax(1) == labels).sum())
    return loss_sum / len(pictures), right / len(pictures)


def run_scenario(train, val, frozen):
    network = formula.fill_for_training(torchvision.models.resnet18(num_classes=len(train.classes)))
    trained = network.fc.parameters() if frozen else network.parameters()
    if frozen:
        network.requires_grad_(False)
        network.fc.requires_grad_(True)
    optimizer = torch.optim.SGD(trained, lr=LR, momentum=MOMENTUM)
    epochs = []
    order = [i * ORDER_STEP % len(train) for i in range(len(train))]
    for _ in range(EPOCHS):
        train_loss, train_acc = run_phase(network, torch.utils.data.Subset(train, order), optimizer)
        val_loss, val_acc = run_phase(network, val)
        epochs.append({"train_loss": train_loss, "train_acc": train_acc, "val_loss": val_loss, "val_acc": val_acc})
        print(epochs[-1], flush=True)
    return epochs


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description="Write tests/golden/training.json")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, default=root / "tests/golden/training.json")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    train, val = phase_set(args.data / "train"), phase_set(args.data / "val")
    golden = {"network": "resnet18", "classes": train.classes, "batch_size": BATCH_SIZE, "lr": LR,
              "momentum": MOMENTUM, "epochs": EPOCHS, "order_step": ORDER_STEP, "train_count": len(train), "val_count": len(val),
              "scenarios": {"finetune": run_scenario(train, val, frozen=False),
                            "feature-extract": run_scenario(train, val, frozen=True)}}
    args.out.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
