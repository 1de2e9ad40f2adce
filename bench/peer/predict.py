"""Predicts the class of pictures: one directly, several with a DataLoader. Prints a line of JSON for each."""
import argparse
from pathlib import Path

import torch
from PIL import Image

import common


class Pictures(torch.utils.data.Dataset):
    def __init__(self, paths, transform):
        self.paths, self.transform = paths, transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.transform(Image.open(self.paths[index]).convert("RGB")), str(self.paths[index])


def pictures_of(paths):
    suffixes = common.datasets.folder.IMG_EXTENSIONS
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in suffixes)
        else:
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", help="pictures or folders of them")
    parser.add_argument("--weights", required=True, help="state dict of the trained network")
    parser.add_argument("--classes", required=True, nargs="+", help="their names, in order")
    common.add_arguments(parser)
    args = parser.parse_args()

    device = common.select_device(args.device)
    model = common.trained_network(args.model, len(args.classes), args.weights).to(device)
    model.eval()
    pictures = Pictures(list(pictures_of(args.paths)), common.transform(args.model, "val"))
    workers = args.workers if len(pictures) > args.batch_size else 0
    loader = torch.utils.data.DataLoader(pictures, batch_size=args.batch_size, num_workers=workers)
    with torch.no_grad():
        for inputs, names in loader:
            probabilities = torch.softmax(model(inputs.to(device)), 1)
            for name, (probability, index) in zip(names, zip(*(t.tolist() for t in probabilities.max(1)))):
                common.say(path=name, predicted=args.classes[index], probability=probability)


if __name__ == "__main__":
    main()
