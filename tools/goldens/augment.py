"""Makes tests/golden/augment: the results of torchvision's augmentations for small PIL pictures.

    python tools/goldens/augment.py

Needs torch, torchvision 0.28 and Pillow 13; no weights. Pixels are recorded as their FNV-1a hash (64 bits, over the RGB
bytes row by row); the hash of a sweep covers all its pictures in order. torch's linspace must have been computed with
fused multiply-adds (any processor with AVX2): its last bit is in policies.json.

    *.ppm           the pictures: smooth and noisy, low contrast and square, rough; colors.ppm has 4096 colours
    functions.json  adjust_*, posterize, solarize, autocontrast, equalize, affine, rotate
    sweeps.json     the same at many factors
    policies.json   operations and magnitudes of TrivialAugmentWide and RandAugment
    steps.json      their operations at several magnitudes and both signs
    jitter.json     ColorJitter's four changes in given orders
    erasing.json    RandomErasing.get_params with every number that it draws
"""

import itertools
import json
import math
import pathlib

try:
    import torchvision_cpu  # noqa: F401  (some builds of torchvision need it first)
except ImportError:
    pass
import numpy as np
import torch
import torchvision.transforms.functional as F
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode, autoaugment

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/augment"
BINS = [0, 1, 5, 9, 15, 20, 24, 30]


def fnv(chunks):
    value = 0xCBF29CE484222325
    for data in chunks:
        for byte in data:
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def pixels(*images):
    return fnv(np.asarray(image).tobytes() for image in images)


def write(name, lines):
    """One line per case, so that a difference is one line of a diff."""
    text = "[\n" + ",\n".join(json.dumps(line, separators=(",", ":")) for line in lines) + "\n]\n"
    (OUT / name).write_text(text, newline="\n")


# ---- pictures --------------------------------------------------------------------------------------------------------


def soft():
    """Smooth areas and coloured shapes with noise like a camera's."""
    y, x = np.mgrid[0:37, 0:53].astype(np.float64)
    sky = np.stack([90 + y * 3, 140 + y * 2, 235 - y], -1)
    meadow = np.stack([60 + x * 0.6, 130 - y * 0.5 + 12 * np.sin(x / 3), 40 + y * 0.4], -1)
    picture = np.where((y + 3 * np.sin(x / 7) < 20)[..., None], sky, meadow)
    picture[(x - 40) ** 2 + (y - 8) ** 2 < 22] = [255, 240, 150]
    picture[(x - 14) ** 2 + (y - 27) ** 2 < 30] = [214, 31, 74]
    noise = np.random.default_rng(1).normal(0, 6, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def dull():
    """Low contrast, one channel nearly constant; square."""
    y, x = np.mgrid[0:40, 0:40].astype(np.float64)
    picture = np.stack([96 + 30 * np.sin(x / 9) + y * 0.3, 110 + 20 * np.cos((x + y) / 11), 121 + (x > 20) * 2.0], -1)
    return picture.astype(np.uint8)


def rough():
    """All 8-bit values in random order."""
    return np.random.default_rng(2).integers(0, 256, (23, 31, 3), dtype=np.uint8)


def colors():
    levels = np.arange(16) * 17
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(64, 64, 3).astype(np.uint8)


def pictures():
    images = {"soft": soft(), "dull": dull(), "rough": rough(), "colors": colors()}
    for name, values in images.items():
        Image.fromarray(values).save(OUT / f"{name}.ppm")
    return {name: Image.fromarray(values) for name, values in images.items()}


# ---- functions -------------------------------------------------------------------------------------------------------

ENHANCE = {
    "adjust_brightness": F.adjust_brightness, "adjust_saturation": F.adjust_saturation,
    "adjust_contrast": F.adjust_contrast, "adjust_sharpness": F.adjust_sharpness,
}


def functions(images):
    lines = []

    def add(name, function, picture, value=0.0):
        lines.append({"function": name, "picture": picture, "value": value,
                      "pixels": pixels(function(images[picture], value))})

    for picture in images:
        for name, function in ENHANCE.items():
            for factor in [0.0, 0.01, 0.37, 0.5, 1.0, 1.3, 1.99, 4.0, 50.0]:
                add(name, function, picture, factor)
        for shift in [-0.5, -0.37, -0.1, -0.001, 0.0, 0.02, 0.1, 0.25, 0.5]:
            add("adjust_hue", F.adjust_hue, picture, shift)
        for bits in range(1, 9):
            add("posterize", F.posterize, picture, bits)
        for threshold in [0.0, 59.5, 127.0, 128.0, 200.1, 255.0, 256.0]:
            add("solarize", F.solarize, picture, threshold)
        add("autocontrast", lambda image, _: F.autocontrast(image), picture)
        add("equalize", lambda image, _: F.equalize(image), picture)
        for angle in [0.0, 4.5, -30.0, 45.0, 90.0, -90.0, 135.0, -135.0, 180.0, 270.0, 301.7, 360.0, -725.3]:
            add("rotate", F.rotate, picture, angle)
    write("functions.json", lines)


def sweeps(images):
    lines = []
    for picture, image in images.items():
        for name, function in ENHANCE.items():
            lines.append({"function": name, "picture": picture, "from": 0, "to": 250, "divisor": 100,
                          "pixels": pixels(*(function(image, i / 100) for i in range(0, 251)))})
        lines.append({"function": "adjust_hue", "picture": picture, "from": -64, "to": 64, "divisor": 128,
                      "pixels": pixels(*(F.adjust_hue(image, i / 128) for i in range(-64, 65)))})
        lines.append({"function": "rotate", "picture": picture, "from": -360, "to": 360, "divisor": 2,
                      "pixels": pixels(*(F.rotate(image, i / 2) for i in range(-360, 361)))})
    write("sweeps.json", lines)


# ---- policies --------------------------------------------------------------------------------------------------------


def space_of(policy, size=None):
    space = policy._augmentation_space(31, size) if size else policy._augmentation_space(31)
    return {name: {"magnitudes": [float(m) for m in magnitudes] if magnitudes.ndim else [], "signed": signed}
            for name, (magnitudes, signed) in space.items()}


def policies():
    trivial = autoaugment.TrivialAugmentWide()
    rand = autoaugment.RandAugment()
    lines = [{"policy": "trivial", "op": name, **line} for name, line in space_of(trivial).items()]
    for height, width in [(224, 224), (300, 177)]:
        for name, line in space_of(rand, (height, width)).items():
            same = (height, width) != (224, 224) and not name.startswith("Translate")
            if not same:
                lines.append({"policy": "rand", "height": height, "width": width, "op": name, **line})
    write("policies.json", lines)


def steps(images):
    lines = []
    ranges = [space_of(autoaugment.TrivialAugmentWide()), space_of(autoaugment.RandAugment(), (40, 40))]
    for picture in ["soft", "dull", "rough"]:
        for number, name in enumerate(ranges[0]):
            found = set()
            for space, step in itertools.product(ranges, BINS):
                line = space[name]
                magnitude = line["magnitudes"][step] if line["magnitudes"] else 0.0
                found.update([magnitude, -magnitude] if line["signed"] else [magnitude])
            for magnitude in sorted(found):
                image = autoaugment._apply_op(images[picture], name, magnitude, InterpolationMode.NEAREST, None)
                lines.append([picture, number, magnitude, pixels(image)])
    write("steps.json", lines)


def jitter(images):
    lines = []
    changes = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue]
    values = [0.71, 1.35, 1.62, -0.08]
    for picture, order in itertools.product(["soft", "rough"], itertools.permutations(range(4))):
        image = images[picture]
        for i in order:
            image = changes[i](image, values[i])
        lines.append({"picture": picture, "order": order, "values": values, "pixels": pixels(image)})
    write("jitter.json", lines)


def erasing():
    scale, ratio = (0.02, 0.33), (0.3, 3.3)
    lines = []
    for height, width in [(224, 224), (100, 37), (9, 200), (5, 5), (2, 3), (1, 1)]:
        image = torch.zeros(3, height, width)
        for seed in range(12):
            torch.manual_seed(seed)
            *box, _ = transforms.RandomErasing.get_params(image, scale, ratio, [0.0])
            torch.manual_seed(seed)
            log_ratio = torch.log(torch.tensor(ratio))
            tries = []
            for _ in range(10):
                area = torch.empty(1).uniform_(*scale).item()
                aspect = torch.exp(torch.empty(1).uniform_(log_ratio[0], log_ratio[1])).item()
                tries.append([area, aspect])
                if (int(round(math.sqrt(height * width * area * aspect))) < height
                        and int(round(math.sqrt(height * width * area / aspect))) < width):
                    break
            lines.append({"height": height, "width": width, "box": box, "tries": tries})
    write("erasing.json", lines)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    all_images = pictures()
    functions(all_images)
    sweeps(all_images)
    policies()
    steps(all_images)
    jitter(all_images)
    erasing()
