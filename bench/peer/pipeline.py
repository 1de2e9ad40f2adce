"""The data pipeline alone: reads, decodes, transforms and batches a folder, and discards the batches.

Prints a line of JSON for each epoch.
"""
import argparse
import time

import common


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="folder with train/ and val/")
    parser.add_argument("--phase", default="train", choices=["train", "val"])
    parser.add_argument("--epochs", type=int, default=3)
    common.add_arguments(parser)
    args = parser.parse_args()

    loader = common.folder_loader(args.data, args.phase, args)
    for _ in range(args.epochs):
        began, images = time.perf_counter(), 0
        for inputs, _labels in loader:
            images += inputs.size(0)
        common.say(seconds=time.perf_counter() - began, images=images)


if __name__ == "__main__":
    main()
