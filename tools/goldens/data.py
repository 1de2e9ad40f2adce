"""Makes tests/golden/data/ from torchvision: the reference for tests/data.

    python tools/goldens/data.py [HYMENOPTERA_DATA]

Needs torch, torchvision and Pillow; no weights. Without the data the file made from them does not change.

folder_order.txt     files of a class folder in the order in which ImageFolder lists them
crop_tries.txt       RandomResizedCrop.get_params with every number that it draws
ten_crop.txt         the windows of TenCrop
crop_statistics.txt  statistics of 100,000 boxes of RandomResizedCrop, for several sizes
normalize.txt        ToTensor and Normalize of all 256 values, as the bits of float32
transform_*.ppm      pictures of the validation pipeline and of a resized crop
hymenoptera_val.txt  a sum over the bits of each validation picture's tensor
"""

import math
import os
import sys
import tempfile

try:
    import torchvision_cpu  # noqa: F401  (some builds of torchvision need it first)
except ImportError:
    pass
import numpy as np
import torch
from PIL import Image
from torchvision import datasets, transforms
from torchvision.transforms import functional

OUT = os.path.join(os.path.dirname(__file__), "../../tests/golden/data")
RATIO = (3 / 4, 4 / 3)
SCALE = (0.08, 1.0)


def write(name, lines):
    with open(os.path.join(OUT, name), "w", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


def folder_order():
    names = [
        "ants/z.jpg", "ants/B.PNG", "ants/a.jpeg", "ants/10.jpg", "ants/9.jpg", "ants/é.jpg", "ants/ü z.jpg",
        "ants/a/b.jpg", "ants/a/c/x.webp", "ants/a-b/y.bmp", "ants/a b/y.tif", "ants/aa/y.tiff", "ants/Z/q.pgm",
        "ants/x.jpg/inner.ppm", "ants/日本/1.jpg", "ants/a/c-d/x.jpg", "ants/a/z.jpg",
        "Bees/b.jpg", "Bees/a.jpg", "bees/c.jpg", "10/x.jpg", "9/x.jpg", "ants2/x.jpg",
        "ants/notes.txt", "ants/jpg", "ants/x.jpg.part", "ants/x.gif",
    ]
    with tempfile.TemporaryDirectory() as root:
        for name in names:
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").close()
        folder = datasets.ImageFolder(root)
        listed = [f"{label} {os.path.relpath(path, root)}" for path, label in folder.samples]
    write("folder_order.txt", [f"file {name}" for name in names] + [f"listed {line}" for line in listed])


def draw_tries(height, width):
    """Repeats the draws of get_params: (scale, aspect ratio) of each try, then the position of the box."""
    log_ratio = torch.log(torch.tensor(RATIO))
    tries = []
    for _ in range(10):
        scale = torch.empty(1).uniform_(*SCALE).item()
        ratio = torch.exp(torch.empty(1).uniform_(log_ratio[0], log_ratio[1])).item()
        tries.append((scale, ratio))
        w = int(round(math.sqrt(height * width * scale * ratio)))
        h = int(round(math.sqrt(height * width * scale / ratio)))
        if 0 < w <= width and 0 < h <= height:
            break
    return tries


def crop_tries():
    lines = ["# height width | box: top left height width | scale and aspect ratio of each try"]
    sizes = [(375, 500), (500, 333), (224, 224), (7, 5), (1, 1), (2, 3), (100, 1000), (640, 90), (64, 85)]
    for height, width in sizes:
        image = torch.empty(3, height, width)
        for seed in range(12):
            torch.manual_seed(seed)
            box = transforms.RandomResizedCrop.get_params(image, SCALE, RATIO)
            torch.manual_seed(seed)
            numbers = [f"{value!r}" for pair in draw_tries(height, width) for value in pair]
            lines.append(" ".join([str(height), str(width), *map(str, box), *numbers]))
    write("crop_tries.txt", lines)


def ten_crop():
    """The windows of TenCrop: top and left of each view in the image, and whether it is mirrored."""
    lines = ["# height width crop | top left mirrored of each view"]
    for height, width, crop in [(20, 28, 16), (21, 29, 16), (29, 21, 16), (20, 29, 15), (256, 341, 224), (23, 23, 22), (5, 8, 5)]:
        picture = (torch.arange(height)[:, None] * 1000 + torch.arange(width)).unsqueeze(0)
        views = []
        for view in transforms.TenCrop(crop)(picture):
            begin, end = view[0, 0, 0].item(), view[0, 0, -1].item()
            views.append(f"{begin // 1000} {min(begin, end) % 1000} {int(end < begin)}")
        lines.append(f"{height} {width} {crop} | " + " | ".join(views))
    write("ten_crop.txt", lines)


def crop_statistics():
    lines = ["# height width | share of fallbacks | its box: top left height width |"
             " for area share, log aspect ratio, top, left: mean, quantiles 0.1 0.5 0.9"]
    for height, width in [(375, 500), (224, 224), (333, 500), (200, 500), (600, 90)]:
        torch.manual_seed(0)
        image = torch.empty(3, height, width)
        boxes = np.array(
            [transforms.RandomResizedCrop.get_params(image, SCALE, RATIO) for _ in range(100_000)], np.float64)
        # Twice the area never fits.
        fallback = transforms.RandomResizedCrop.get_params(image, (2.0, 2.0), RATIO)
        share = (boxes == np.array(fallback)).all(axis=1).mean()
        columns = [boxes[:, 2] * boxes[:, 3] / (height * width), np.log(boxes[:, 3] / boxes[:, 2]), boxes[:, 0],
                   boxes[:, 1]]
        numbers = [f"{x:.5f}" for c in columns for x in (c.mean(), *np.quantile(c, [0.1, 0.5, 0.9]))]
        lines.append(" ".join([str(height), str(width), f"{share:.5f}", *map(str, fallback), *numbers]))
    write("crop_statistics.txt", lines)


def normalize():
    lines = ["# value | R G B with ImageNet's mean and std | R with mean 0.498, std 0.502"]
    picture = np.repeat(np.arange(256, dtype=np.uint8).reshape(1, 256, 1), 3, axis=2)
    tensor = transforms.ToTensor()(Image.fromarray(picture))
    imagenet = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])(tensor)
    other = transforms.Normalize([0.498] * 3, [0.502] * 3)(tensor)
    for value in range(256):
        row = np.array([*imagenet[:, 0, value], other[0, 0, value]], np.float32).view(np.uint32)
        lines.append(" ".join([str(value)] + [f"{bits:08x}" for bits in row]))
    write("normalize.txt", lines)


def source_picture(height, width):
    """The same as in tests/data/pictures.cpp."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return Image.fromarray(((x * 7 + y * 13 + c * 61 + x * y // 3) % 256).astype(np.uint8))


def save(image, name):
    image.convert("RGB").save(os.path.join(OUT, name))


def transform():
    modes = {"bilinear": transforms.InterpolationMode.BILINEAR, "bicubic": transforms.InterpolationMode.BICUBIC}
    for name, mode in modes.items():
        val = transforms.Compose([transforms.Resize(24, interpolation=mode), transforms.CenterCrop(20)])
        save(val(source_picture(45, 61)), f"transform_val_{name}.ppm")
        crop = functional.resized_crop(source_picture(45, 61), 5, 9, 31, 40, [16, 16], interpolation=mode)
        save(crop, f"transform_crop_{name}.ppm")
    padded = transforms.Compose([transforms.Resize(13), transforms.CenterCrop(20)])
    save(padded(source_picture(45, 61)), "transform_val_padded.ppm")


def hymenoptera(root):
    steps = [transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
             transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    folder = datasets.ImageFolder(os.path.join(root, "val"), transforms.Compose(steps))
    weights = 2 * np.arange(3 * 224 * 224, dtype=np.uint64) + np.uint64(1)
    lines = ["# label | sum of bits of float32 i times 2i + 1, modulo 2^64"]
    for tensor, label in folder:
        bits = tensor.numpy().reshape(-1).view(np.uint32).astype(np.uint64)
        lines.append(f"{label} {int((bits * weights).sum(dtype=np.uint64)):016x}")
    write("hymenoptera_val.txt", lines)


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    folder_order()
    crop_tries()
    crop_statistics()
    ten_crop()
    normalize()
    transform()
    if len(sys.argv) > 1:
        hymenoptera(sys.argv[1])
