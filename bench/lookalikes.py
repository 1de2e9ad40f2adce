#!/usr/bin/env python3
"""The measurements of docs/check.md.

    python bench/lookalikes.py distances FOLDER      # distances between hashes: of pictures of class folders, and after changes to each
    python bench/lookalikes.py write COUNT FOLDER    # small, different JPEGs in ten classes: to time graft check

Needs ImageHash and Pillow; graft's hash equals ImageHash's (tests/check/perceptual_hash_test.cpp).
"""

import collections
import io
import pathlib
import subprocess
import sys
import tempfile

import imagehash
import numpy as np
from PIL import Image, ImageEnhance


def saved(image, quality):
    out = io.BytesIO()
    image.save(out, "jpeg", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


def cropped(image, share):
    w, h = image.size
    return image.crop((int(w * share), int(h * share), int(w * (1 - share)), int(h * (1 - share))))


def scaled(image, by):
    return image.resize((max(image.width // by, 1), max(image.height // by, 1)))


CHANGES = {
    "JPEG of quality 75": lambda i: saved(i, 75),
    "JPEG of quality 30": lambda i: saved(i, 30),
    "half the size": lambda i: scaled(i, 2),
    "a quarter, quality 50": lambda i: saved(scaled(i, 4), 50),
    "stretched to a square": lambda i: i.resize((256, 256)),
    "without colour": lambda i: i.convert("L"),
    "brighter by 20 %": lambda i: ImageEnhance.Brightness(i).enhance(1.2),
    "contrast higher by 30 %": lambda i: ImageEnhance.Contrast(i).enhance(1.3),
    "1 % cut off each side": lambda i: cropped(i, 0.01),
    "2.5 % cut off each side": lambda i: cropped(i, 0.025),
    "5 % cut off each side": lambda i: cropped(i, 0.05),
    "turned by 2 degrees": lambda i: i.rotate(2),
    "mirrored": lambda i: i.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


def hash_of(image):
    return int(str(imagehash.phash(image)), 16)


def distance(a, b):
    return (a ^ b).bit_count() if hasattr(int, "bit_count") else bin(a ^ b).count("1")


def thumbnail(image):
    """Means of 4 x 4 blocks of the hash's input, as one vector of length 1 and mean 0."""
    grey = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.LANCZOS)).astype(float)
    values = np.rint(grey.reshape(8, 4, 8, 4).mean((1, 3))).ravel()
    values -= values.mean()
    return values / max(np.linalg.norm(values), 1e-9)


def distances(folder):
    endings = {".jpg", ".jpeg", ".png"}
    images = [Image.open(p).convert("RGB") for p in sorted(pathlib.Path(folder).rglob("*")) if p.suffix.lower() in endings]
    hashes = [hash_of(image) for image in images]
    pairs = collections.Counter(distance(a, b) for i, a in enumerate(hashes) for b in hashes[:i])
    print(f"{len(images)} pictures, pairs by distance:", {d: pairs[d] for d in sorted(pairs) if d <= 20})
    for name, change in CHANGES.items():
        changed = [change(image) for image in images]
        found = np.array([distance(a, hash_of(image)) for a, image in zip(hashes, changed)])
        alike = np.array([thumbnail(a) @ thumbnail(b) for a, b in zip(images, changed)])
        print(f"| {name} | " + " | ".join(f"{(found <= d).mean():.3f}" for d in (0, 2, 4, 6, 8, 10)) + f" | {found.max()} |", end="")
        print("  least likeness of those within 8:", f"{alike[found <= 8].min():.3f}" if (found <= 8).any() else "none")


def features(folder, graft, model):
    """The cosines of the features of every third picture with its changed copies, and of different pictures."""
    paths = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))[::3]
    with tempfile.TemporaryDirectory() as out:
        out = pathlib.Path(out)

        def embedded(name, change):
            (out / name).mkdir()
            for i, path in enumerate(paths):
                change(Image.open(path).convert("RGB")).save(out / name / f"{i:05}.png", compress_level=1)
            subprocess.run([graft, "embed", model, out / name, "--out", out / f"{name}.npy"], check=True, stdout=subprocess.DEVNULL)
            rows = np.load(out / f"{name}.npy")
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

        originals = embedded("originals", lambda image: image)
        for i, (name, change) in enumerate(CHANGES.items()):
            cosines = (originals * embedded(str(i), change)).sum(1)
            shares = " | ".join(f"{(cosines >= least).mean():.3f}" for least in (0.95, 0.9, 0.85, 0.8, 0.75))
            print(f"| {name} | {shares} | {cosines.min():.3f} |", flush=True)
        pairs = (originals @ originals.T)[np.triu_indices(len(paths), 1)]
        print(f"different pictures: {len(pairs)} pairs, the largest cosines", np.sort(pairs)[-6:].round(3))


def write(count, folder):
    for i in range(int(count)):
        few = np.random.default_rng(i).integers(0, 256, (6, 6, 3), dtype=np.uint8)
        path = pathlib.Path(folder) / f"class{i % 10}" / f"{i}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(few).resize((64, 64), Image.Resampling.BICUBIC).save(path)


{"distances": distances, "features": features, "write": write}[sys.argv[1]](*sys.argv[2:])
