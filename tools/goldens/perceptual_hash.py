"""Prints the hashes in tests/check/perceptual_hash_test.cpp: `imagehash.phash` of formula pictures and golden files.

    python tools/goldens/perceptual_hash.py

Needs ImageHash 4.3 and Pillow 13. The formula is that of tools/goldens/images.py.
"""

import pathlib

import imagehash
import numpy as np
from PIL import Image

FILES = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/images/files"


def formula(height, width):
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    return np.stack([(x * 9 + y * 4) % 256, (x * x + y * 7) % 256, (x * y * 5 + 31) % 256], -1).astype(np.uint8)


def symmetric():
    """Black, with a white vertical bar in the middle and a grey horizontal bar over it."""
    image = np.zeros((64, 64), np.uint8)
    image[:, 24:40] = 255
    image[8:16] = 128
    return Image.fromarray(image)


for height, width in [(32, 32), (33, 21), (7, 5), (375, 500), (260, 350), (100, 900), (1, 300)]:
    print(f"{{{height}, {width}, 0x{imagehash.phash(Image.fromarray(formula(height, width)))}}},")
for name in ["rgb_444.jpg", "rgb_420.jpg", "progressive.jpg", "rgba8.png", "palette8.png", "grey8.png", "cmyk.jpg", "rgb.ppm"]:
    print(f'{{"{name}", 0x{imagehash.phash(Image.open(FILES / name).convert("RGB"))}}},')
print(f"symmetric 0x{imagehash.phash(symmetric())}")
