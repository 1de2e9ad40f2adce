#!/usr/bin/env python3
"""Makes 12-megapixel photos from a dataset's pictures: 4000×3000, JPEG quality 92, 4:2:0, in the same class folders.

    photos.py DATA OUT [--count 40]

Enlarged pictures alone would be smooth and decode too fast, so sensor noise is added: a file has 3 to
5 MB, like a camera's. The same pictures and seeds give the same photos.
"""
import argparse
from pathlib import Path

import numpy
from PIL import Image, ImageOps

SIZE = (4000, 3000)
SUFFIXES = {".jpg", ".jpeg", ".png"}


def chosen(data, phase, count):
    """The same number of pictures of each class, in the order of names."""
    classes = sorted(p for p in (data / phase).iterdir() if p.is_dir())
    for i, folder in enumerate(classes):
        share = count // len(classes) + (i < count % len(classes))
        pictures = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
        yield from pictures[:share]


def photo(path, seed, sigma):
    large = ImageOps.fit(Image.open(path).convert("RGB"), SIZE, Image.Resampling.LANCZOS)
    pixels = numpy.asarray(large, dtype=numpy.float32)
    # Photon noise grows with the square root of the brightness; the constant is the noise of the electronics.
    noise = numpy.random.default_rng(seed).standard_normal(pixels.shape, dtype=numpy.float32)
    noise *= sigma * numpy.sqrt(0.25 + pixels / 128)
    return Image.fromarray((pixels + noise).round().clip(0, 255).astype(numpy.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with train/ and val/")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=40, help="number of photos; 30 %% of them in val/")
    parser.add_argument("--sigma", type=float, default=6.0, help="noise of a middle grey, in levels of 255")
    args = parser.parse_args()
    val = max(1, args.count * 3 // 10)
    seed = 0
    for phase, count in (("train", args.count - val), ("val", val)):
        for path in chosen(args.data, phase, count):
            out = args.out / phase / path.parent.name / (path.stem + ".jpg")
            out.parent.mkdir(parents=True, exist_ok=True)
            photo(path, seed, args.sigma).save(out, quality=92, subsampling="4:2:0")
            seed += 1


if __name__ == "__main__":
    main()
