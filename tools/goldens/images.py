"""Makes tests/golden/images: tiny picture files of every kind that graft reads, and Pillow's result for each.

    python tools/goldens/images.py [folder of hymenoptera_data]

Needs Pillow 13, numpy, torchvision 0.28 and libturbojpeg.so.0 (which writes the kinds of JPEG that Pillow does not).
Without the folder the hymenoptera goldens do not change. All pictures come from formulas: a second run gives the
same files. Pixels are recorded as their FNV-1a hash (64 bits, over the RGB bytes row by row).

    cases.json        one line per case: a file (or its first bytes, or with bytes after it), and either the size and hash
                      of Image.open(file).convert("RGB"), with "turned" for ImageOps.exif_transpose if that differs,
                      or "refused"
    awkward.json      the same for files that break programs; "stricter": graft rejects it, whatever Pillow does
    alpha.json        for each file with transparency its hash over a background: Image.alpha_composite of convert("RGBA")
    resize.json       hashes of Image.resize of formula pictures; center_crop.json: torchvision's CenterCrop
    encode.json       hashes of Pillow's decoding of its own JPEG of a formula picture
    hymenoptera.json  hashes of the decoded pictures and of the two validation transforms
"""

import ctypes
import hashlib
import io
import json
import os
import pathlib
import struct
import sys
import warnings
import zlib

import numpy as np
import torchvision_cpu  # noqa: F401  (before torchvision)
import torchvision.transforms.functional as F
from PIL import Image, ImageOps
from torchvision.transforms import InterpolationMode

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/images"
FILES = OUT / "files"
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
warnings.simplefilter("ignore")


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in bytes(data):
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def formula(height, width):
    """Smooth in one part and rough in another; the same as in tests/image/pixels.cpp."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    return np.stack([(x * 9 + y * 4) % 256, (x * x + y * 7) % 256, (x * y * 5 + 31) % 256], -1).astype(np.uint8)


def picture(height=13, width=17):
    return Image.fromarray(formula(height, width))


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


# ---- cases -----------------------------------------------------------------------------------------------------------

cases = []


def judged(data):
    try:
        image = Image.open(io.BytesIO(data))
        pixels = np.asarray(image.convert("RGB"))
    except Exception:
        return {"refused": True}
    result = {"height": pixels.shape[0], "width": pixels.shape[1], "pixels": fnv(pixels)}
    turned = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))
    if turned.shape != pixels.shape or (turned != pixels).any():
        result["turned"] = fnv(turned)
    return result


def add(name, data):
    (FILES / name).write_bytes(data)
    cases.append({"file": name, **judged(data)})


def add_part(name, keep, append=b""):
    """A case of the first `keep` bytes of an earlier file, followed by `append`."""
    data = (FILES / name).read_bytes()[:keep] + append
    case = {"file": name, "keep": keep}
    if append:
        case["append"] = append.hex()
    cases.append({**case, **judged(data)})


def add_tenths(name):
    size = (FILES / name).stat().st_size
    for tenth in range(1, 10):
        add_part(name, size * tenth // 10)
    if not name.startswith("bits_plain"):  # Pillow reads it as pixels there
        add_part(name, size, b"\0trailing junk")


# ---- JPEG ------------------------------------------------------------------------------------------------------------


def turbo(pixels, subsampling, cmyk=False):
    """Encodes with TurboJPEG. subsampling: 0 444, 1 422, 2 420, 4 440, 5 411."""
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(library.tjInitCompress())
    buffer, size = ctypes.c_void_p(), ctypes.c_ulong()
    height, width = pixels.shape[:2]
    source = np.ascontiguousarray(pixels).ctypes.data_as(ctypes.c_void_p)
    status = library.tjCompress2(handle, source, width, 0, height, 11 if cmyk else 0, ctypes.byref(buffer),
                                 ctypes.byref(size), subsampling, 85, 0)
    assert status == 0
    data = ctypes.string_at(buffer, size.value)
    library.tjFree(buffer)
    library.tjDestroy(handle)
    return data


def exif(orientation, order="<", kind=3, count=1):
    head = b"II*\0" if order == "<" else b"MM\0*"
    value = struct.pack(order + {1: "Bxxx", 3: "Hxx", 4: "I"}[kind], orientation)
    other = struct.pack(order + "HHI", 0x010F, 2, 4) + b"abc\0"
    entry = struct.pack(order + "HHI", 0x0112, kind, count) + value
    return head + struct.pack(order + "IH", 8, 2) + other + entry + struct.pack(order + "I", 0)


def with_app1(jpeg, payload):
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


def jpegs():
    rgb = picture(33, 41)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        add(f"rgb_{name}.jpg", saved(rgb, format="JPEG", subsampling=subsampling, quality=80))
    add("rgb_440.jpg", turbo(formula(33, 41), 4))
    add("rgb_411.jpg", turbo(formula(33, 41), 5))
    add("rgb_420_1x1.jpg", saved(picture(1, 1), format="JPEG"))
    add("rgb_420_wide.jpg", saved(picture(3, 70), format="JPEG"))
    add("rgb_poor.jpg", saved(rgb, format="JPEG", quality=5))
    add("progressive.jpg", saved(rgb, format="JPEG", progressive=True, quality=70))
    add("optimized_restarts.jpg", saved(rgb, format="JPEG", optimize=True, restart_marker_blocks=2))
    add("stored_as_rgb.jpg", saved(rgb, format="JPEG", keep_rgb=True))
    add("grey.jpg", saved(rgb.convert("L"), format="JPEG"))
    add("grey_progressive.jpg", saved(rgb.convert("L"), format="JPEG", progressive=True))
    cmyk = np.dstack([formula(19, 23), formula(23, 19)[:19, :19, :1].repeat(2, 1)[:, :23]])
    add("cmyk.jpg", saved(Image.fromarray(cmyk, "CMYK"), format="JPEG"))
    add("ycck.jpg", turbo(cmyk, 2, cmyk=True))
    for orientation in range(10):
        plain = saved(picture(9, 14), format="JPEG")
        add(f"exif_{orientation}.jpg", with_app1(plain, b"Exif\0\0" + exif(orientation, "<>"[orientation % 2])))
    add("exif_long.jpg", with_app1(plain, b"Exif\0\0" + exif(6, ">", 4)))
    add("exif_two_values.jpg", with_app1(plain, b"Exif\0\0" + exif(6, "<", 3, 2)))
    add("exif_cut.jpg", with_app1(plain, b"Exif\0\0" + exif(6)[:20]))
    add("exif_junk.jpg", with_app1(plain, b"Exif\0\0junk"))

    for name in ("rgb_420.jpg", "progressive.jpg"):
        add_tenths(name)
        size = (FILES / name).stat().st_size
        add_part(name, size - 2)  # no end marker
        if name == "rgb_420.jpg":  # (the decoding of half a progressive file changed between versions of libjpeg-turbo)
            add_part(name, size // 2, b"\xff\xd9")  # an end marker in the middle: the rest is grey, with a warning
        add_part(name, 2)
    damaged = bytearray((FILES / "rgb_420.jpg").read_bytes())
    for i in range(len(damaged) // 2, len(damaged) // 2 + 12):
        damaged[i] ^= 0x55
    add("damaged_middle.jpg", bytes(damaged))
    data = (FILES / "rgb_420.jpg").read_bytes()
    frame = data.index(b"\xff\xc0")
    add("size_65500.jpg", data[: frame + 5] + struct.pack(">HH", 65500, 65500) + data[frame + 9 :])
    add("size_zero.jpg", data[: frame + 5] + struct.pack(">HH", 0, 41) + data[frame + 9 :])
    add("bits_12.jpg", data[: frame + 4] + b"\x0c" + data[frame + 5 :])
    add("two_channels.jpg", data[: frame + 9] + b"\2" + data[frame + 10 :])
    add("no_tables.jpg", data[:2] + data[frame:])


# ---- PNG -------------------------------------------------------------------------------------------------------------


def chunk(kind, body, crc=None):
    crc = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def packed_rows(samples, bits):
    """height × values → filter byte and packed row, for every row. Filters alternate."""
    out = b""
    for samples_row in samples:
        if bits == 16:
            row = samples_row.astype(">u2").tobytes()
        else:
            row = np.packbits(np.unpackbits(samples_row.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :].ravel()).tobytes()
        out += b"\0" + row
    return out


def png_image_data(samples, bits, interlaced):
    if not interlaced:
        return packed_rows(samples.reshape(len(samples), -1), bits)
    out = b""
    for y, x, dy, dx in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
        part = samples[y::dy, x::dx]
        if part.size:
            out += packed_rows(part.reshape(len(part), -1), bits)
    return out


def png(samples, bits, color, interlaced=False, before=b"", after=b"", size=None, data=None):
    """samples: height × width × channels."""
    height, width = size or samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, int(interlaced))
    data = zlib.compress(png_image_data(samples, bits, interlaced), 9) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after + chunk(b"IEND", b"")


def pngs():
    rgb = formula(13, 17).astype(np.uint32)
    alpha = (rgb[..., :1] * 3) % 256
    wide = rgb * 257 % 65521
    palette = chunk(b"PLTE", bytes(range(0, 48, 1)))
    for interlaced in (False, True):
        end = "_interlaced.png" if interlaced else ".png"
        for bits in (1, 2, 4, 8):
            small = rgb[..., 1:2] % (1 << bits)
            add(f"grey{bits}{end}", png(small, bits, 0, interlaced))
            add(f"palette{bits}{end}", png(small % 16, bits, 3, interlaced, palette))
        dim = wide[..., 1:2] % 700  # some values below 256, most above
        add(f"grey16{end}", png(dim, 16, 0, interlaced))
        add(f"rgb16{end}", png(wide, 16, 2, interlaced))
        add(f"grey_alpha8{end}", png(np.dstack([rgb[..., :1], alpha]), 8, 4, interlaced))
        add(f"grey_alpha16{end}", png(np.dstack([wide[..., :1], alpha * 200]), 16, 4, interlaced))
        add(f"rgb8{end}", png(rgb, 8, 2, interlaced))
        add(f"rgba8{end}", png(np.dstack([rgb, alpha]), 8, 6, interlaced))
        add(f"rgba16{end}", png(np.dstack([wide, alpha * 200]), 16, 6, interlaced))
    add("filtered.png", saved(picture(33, 21), format="PNG"))
    small = rgb[..., 1:2] % 16
    add("palette_transparent.png", png(small, 4, 3, False, palette + chunk(b"tRNS", bytes([0, 128, 255]))))
    add("palette_short.png", png(small, 4, 3, False, chunk(b"PLTE", bytes(range(30)))))
    add("grey_transparent.png", png(rgb[..., 1:2], 8, 0, False, chunk(b"tRNS", b"\0\7")))
    add("rgb_transparent.png", png(rgb, 8, 2, False, chunk(b"tRNS", b"\0\0\0\0\0\x1f")))
    add("gamma.png", png(rgb, 8, 2, False, chunk(b"gAMA", struct.pack(">I", 100000))))
    add("exif_before.png", png(rgb, 8, 2, False, chunk(b"eXIf", exif(6))))
    add("exif_after.png", png(rgb, 8, 2, False, after=chunk(b"eXIf", exif(8, ">"))))
    frames = [picture(), Image.fromarray(255 - formula(13, 17))]
    add("animated.png", saved(frames[0], format="PNG", save_all=True, append_images=frames[1:]))

    # Text chunks that expand to 1000 times their size. Pillow rejects the file; graft ignores text chunks.
    # Not a case.
    bomb = zlib.compress(bytes(2 << 20), 9)
    notes = chunk(b"iCCP", b"profile\0\0" + bomb) + chunk(b"zTXt", b"note\0\0" + bomb)
    (FILES / "bomb.png").write_bytes(png(rgb, 8, 2, False, notes))

    add_tenths("rgb8.png")
    add_part("rgb8.png", (FILES / "rgb8.png").stat().st_size - 12)  # no IEND
    add("crc_header.png", png(rgb, 8, 2).replace(struct.pack(">I", zlib.crc32(b"IHDR" + struct.pack(">IIBBBBB", 17, 13, 8, 2, 0, 0, 0))), b"oops"))
    add("crc_note.png", png(rgb, 8, 2, False, chunk(b"gAMA", struct.pack(">I", 100000), 1)))
    add("crc_palette.png", png(small, 4, 3, False, chunk(b"PLTE", bytes(range(48)), 1)))
    add("size_huge.png", png(rgb, 8, 2, size=(2**31 - 1, 2**31 - 1)))
    add("size_beyond.png", png(rgb, 8, 2, size=(2**31, 5)))
    add("size_zero.png", png(rgb, 8, 2, size=(0, 5)))
    (FILES / "no_palette.png").write_bytes(png(small, 4, 3))  # not a case: Pillow invents a palette
    add("bad_depth.png", png(rgb, 7, 2, data=zlib.compress(b"")))
    add("bad_data.png", png(rgb, 8, 2, data=b"not deflate"))
    add("short_data.png", png(rgb, 8, 2, data=zlib.compress(png_image_data(rgb, 8, False)[:-30])))
    add("bad_filter.png", png(rgb, 8, 2, data=zlib.compress(b"\x09" + png_image_data(rgb, 8, False)[1:])))


# ---- WebP ------------------------------------------------------------------------------------------------------------


def webps():
    rgb = picture(33, 21)
    rgba = Image.fromarray(np.dstack([formula(33, 21), formula(33, 21)[..., ::-1][..., :1]]), "RGBA")
    add("lossy.webp", saved(rgb, format="WEBP", quality=60))
    add("lossless.webp", saved(rgb, format="WEBP", lossless=True))
    add("lossy_alpha.webp", saved(rgba, format="WEBP", quality=60))
    add("lossless_alpha.webp", saved(rgba, format="WEBP", lossless=True, exact=True))
    add("exif.webp", saved(rgb, format="WEBP", quality=60, exif=b"Exif\0\0" + exif(5)))
    frames = [rgba, Image.fromarray(255 - formula(33, 21))]
    add("animated.webp", saved(frames[0], format="WEBP", save_all=True, append_images=frames[1:], duration=50))
    for name in ("lossy.webp", "lossless_alpha.webp", "animated.webp"):
        add_tenths(name)
    data = bytearray((FILES / "lossless_alpha.webp").read_bytes())
    data[21:25] = b"\xff\xff\xff\xff"
    add("damaged.webp", bytes(data))
    large = Image.new("RGB", (4000, 4000), (200, 10, 30))
    (FILES / "large.webp").write_bytes(saved(large, format="WEBP", lossless=True))  # not a case


# ---- TIFF ------------------------------------------------------------------------------------------------------------


def tiff(blocks, height, width, bits, photometric, order="<", **tags):
    """blocks: bytes of the strips, or of the tiles. tags: further fields by number, prefixed by "t"."""
    samples = len(bits)
    fields = {256: ("I", [width]), 257: ("I", [height]), 258: ("H", list(bits)), 259: ("H", [1]), 262: ("H", [photometric]),
              277: ("H", [samples]), 278: ("I", [height])}
    tiled = "t322" in tags
    place, counts = (324, 325) if tiled else (273, 279)
    for name, value in tags.items():
        fields[int(name[1:])] = value
    if tiled:
        del fields[278]
    body = b""
    start = 8
    offsets = []
    for block in blocks:
        offsets.append(start + len(body))
        body += block + b"\0" * (len(block) % 2)
    fields[place] = ("I", offsets)
    fields[counts] = ("I", [len(block) for block in blocks])
    fields.update({int(name[1:]): value for name, value in tags.items() if name in ("t273", "t279")})  # false values
    directory = start + len(body)
    extra_at = directory + 2 + 12 * len(fields) + 4
    entries, extra = b"", b""
    for tag in sorted(fields):
        letter, values = fields[tag]
        packed = struct.pack(order + letter * len(values), *values)
        if len(packed) > 4:
            value = struct.pack(order + "I", extra_at + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
        else:
            value = packed.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, {"B": 1, "H": 3, "I": 4}[letter], len(values)) + value
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", directory)
    return head + body + struct.pack(order + "H", len(fields)) + entries + struct.pack(order + "I", 0) + extra


def tiffs():
    rgb, grey = picture(), picture().convert("L")
    values = formula(13, 17)
    alpha = values[..., :1] // 2 + 100
    rgba = Image.fromarray(np.dstack([values, alpha]), "RGBA")
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        add(f"rgb_{compression or 'raw'}.tif", saved(rgb, format="TIFF", compression=compression))
    for name, image in (("grey", grey), ("bits", grey.convert("1")), ("palette", rgb.quantize(20)), ("rgba", rgba),
                        ("cmyk", rgb.convert("CMYK")), ("grey_alpha", rgba.convert("LA"))):
        add(f"{name}_raw.tif", saved(image, format="TIFF"))
        add(f"{name}_lzw.tif", saved(image, format="TIFF", compression="tiff_lzw"))
    add("bits_group4.tif", saved(grey.convert("1"), format="TIFF", compression="group4"))
    add("grey_jpeg.tif", saved(grey, format="TIFF", compression="jpeg"))
    wide = (values[..., 1].astype(np.uint16) * 3) % 700
    add("grey16.tif", saved(Image.fromarray(wide), format="TIFF"))
    add("grey16_lzw.tif", saved(Image.fromarray(wide), format="TIFF", compression="tiff_lzw"))
    add("int32.tif", saved(Image.fromarray(wide.astype(np.int32) - 200), format="TIFF"))
    add("float32.tif", saved(Image.fromarray(wide.astype(np.float32) * 0.7 - 50), format="TIFF"))
    rgb16 = values.astype(np.uint16) * 257
    for order in "<>":
        name = "little" if order == "<" else "big"
        add(f"rgb16_{name}.tif", tiff([rgb16.astype(order + "u2").tobytes()], 13, 17, (16, 16, 16), 2, order))
        add(f"grey16_{name}.tif", tiff([wide.astype(order + "u2").tobytes()], 13, 17, (16,), 1, order))
    add("rgb16_deflate.tif", tiff([zlib.compress(rgb16.tobytes())], 13, 17, (16, 16, 16), 2, t259=("H", [8])))
    planes = [values[..., c].tobytes() for c in range(3)]
    add("planes.tif", tiff(planes, 13, 17, (8, 8, 8), 2, t284=("H", [2])))
    add("planes_deflate.tif", tiff([zlib.compress(p) for p in planes], 13, 17, (8, 8, 8), 2, t284=("H", [2]), t259=("H", [8])))
    strips = [values[i : i + 5].tobytes() for i in range(0, 13, 5)]
    add("strips.tif", tiff(strips, 13, 17, (8, 8, 8), 2, t278=("I", [5])))
    long_strip = zlib.compress(bytes([200]) * (13 * 17 * 3 + 80))
    add("strip_with_more.tif", tiff([long_strip], 13, 17, (8, 8, 8), 2, t259=("H", [8])))
    padded = np.zeros((16, 32, 3), np.uint8)
    padded[:13, :17] = values
    tiles = [np.ascontiguousarray(padded[:, x : x + 16]).tobytes() for x in (0, 16)]
    add("tiles.tif", tiff(tiles, 13, 17, (8, 8, 8), 2, t322=("I", [16]), t323=("I", [16])))
    add("tiles_deflate.tif", tiff([zlib.compress(t) for t in tiles], 13, 17, (8, 8, 8), 2, t322=("I", [16]), t323=("I", [16]), t259=("H", [8])))
    for bits in (1, 2, 4, 8):
        small = values[..., 1].astype(int) % (1 << bits)
        rows = b"".join(packed_rows(small[y : y + 1], bits)[1:] for y in range(13))
        for photometric, name in ((0, "white_is_0"), (1, "black_is_0")):
            add(f"{name}_{bits}.tif", tiff([rows], 13, 17, (bits,), photometric))
        colors = [(i * 37 * 257) % 65536 for i in range(3 << bits)]
        add(f"indexed_{bits}.tif", tiff([rows], 13, 17, (bits,), 3, t320=("H", colors)))
        add(f"indexed_{bits}_deflate.tif", tiff([zlib.compress(rows)], 13, 17, (bits,), 3, t320=("H", colors), t259=("H", [8])))
    raw = np.dstack([values, alpha]).tobytes()
    for kind, name in ((0, "unspecified"), (1, "premultiplied"), (2, "alpha")):
        add(f"extra_{name}.tif", tiff([raw], 13, 17, (8, 8, 8, 8), 2, t338=("H", [kind])))
    add("extra_premultiplied_deflate.tif", tiff([zlib.compress(raw)], 13, 17, (8, 8, 8, 8), 2, t338=("H", [1]), t259=("H", [8])))
    for orientation in range(1, 9):
        add(f"orientation_{orientation}.tif", tiff([values.tobytes()], 13, 17, (8, 8, 8), 2, t274=("H", [orientation])))
    add("two_pages.tif", saved(rgb, format="TIFF", save_all=True, append_images=[grey], compression="tiff_lzw"))

    for name in ("rgb_raw.tif", "rgb_tiff_lzw.tif", "tiles_deflate.tif", "strips.tif"):
        add_tenths(name)
    add("size_huge.tif", tiff([b"abc"], 30000, 30000, (8, 8, 8), 2))
    add("size_zero.tif", tiff([b"abc"], 0, 17, (8, 8, 8), 2))
    add("seven_samples.tif", tiff([bytes(13 * 17 * 7)], 13, 17, (8,) * 7, 2, t338=("H", [0] * 4)))
    add("bits_3.tif", tiff([bytes(999)], 13, 17, (3,), 1))
    add("no_directory.tif", b"II*\0\0\0\0\0")
    add("huge_tile.tif", tiff([b"abc"], 13, 17, (8, 8, 8), 2, t322=("I", [65536 * 16]), t323=("I", [65536 * 16]), t259=("H", [8])))


# ---- Transparency ----------------------------------------------------------------------------------------------------


def alphas():
    """Kinds that the cases lack, then every file with transparency in Pillow, over two colours. The expected result for a transparent grey
    of 2, 4 and 16 bits follows the PNG specification (11.3.2.1 tRNS): Pillow ignores it."""
    rgb = formula(13, 17)
    wide = rgb.astype(np.uint32) * 257 % 65521
    rgba = np.dstack([rgb, rgb[..., :1] // 2 + 100])
    rgba16 = rgba.astype(np.uint16) * 257
    raw, grey = rgba.tobytes(), np.dstack([rgba[..., :1], rgba[..., 3:]]).tobytes()
    colors = ("H", [(i * 37 * 257) % 65536 for i in range(768)])
    planes = [rgba[..., c].tobytes() for c in range(4)]
    made = {
        "alpha_grey1.png": png(rgb[..., 1:2] % 2, 1, 0, False, chunk(b"tRNS", b"\0\1")),
        "alpha_rgb16.png": png(wide, 16, 2, False, chunk(b"tRNS", struct.pack(">3H", *(int(v) for v in wide[3, 4])))),
        "alpha_nothing_said.tif": tiff([raw], 13, 17, (8,) * 4, 2),
        "alpha_corel.tif": tiff([raw], 13, 17, (8,) * 4, 2, t338=("H", [999])),
        "alpha_five_samples.tif": tiff([np.dstack([rgba, rgb[..., :1]]).tobytes()], 13, 17, (8,) * 5, 2, t338=("H", [2, 0])),
        "alpha_planes.tif": tiff(planes, 13, 17, (8,) * 4, 2, t284=("H", [2]), t338=("H", [2])),
        "alpha_16.tif": tiff([rgba16.tobytes()], 13, 17, (16,) * 4, 2, t338=("H", [2])),
        "alpha_16_premultiplied.tif": tiff([rgba16.tobytes()], 13, 17, (16,) * 4, 2, t338=("H", [1])),
        "alpha_big_endian.tif": tiff([rgba16.astype(">u2").tobytes()], 13, 17, (16,) * 4, 2, ">", t338=("H", [2])),
        "alpha_palette.tif": tiff([grey], 13, 17, (8, 8), 3, t320=colors, t338=("H", [2])),
        "alpha_unspecified_grey.tif": tiff([grey], 13, 17, (8, 8), 1, t338=("H", [0])),
    }
    greys = {2: (rgb[..., 1:2] % 4, 3), 4: (rgb[..., 1:2] % 16, 15), 16: (wide[..., 1:2] % 700, int(wide[3, 4, 1]) % 700)}
    for bits, (samples, transparent) in greys.items():
        made[f"alpha_grey{bits}.png"] = png(samples, bits, 0, False, chunk(b"tRNS", struct.pack(">H", transparent)))
    for name, data in made.items():
        (FILES / name).write_bytes(data)
    lines = []
    for bits, (samples, transparent) in greys.items():
        name = f"alpha_grey{bits}.png"
        dropped = np.asarray(Image.open(FILES / name).convert("RGB"))
        for color in ("#ffffff", "#c81e5a"):
            over = np.where(samples == transparent, np.uint8(list(bytes.fromhex(color[1:]))), dropped)
            lines.append({"file": name, "alpha": color, "pixels": fnv(over)})
    for path in sorted(FILES.iterdir()):
        try:
            dropped = np.asarray(Image.open(path).convert("RGB"))
            image = Image.open(path).convert("RGBA")
        except Exception:
            continue
        for color in ("#ffffff", "#c81e5a"):
            over = Image.alpha_composite(Image.new("RGBA", image.size, color), image).convert("RGB")
            if (np.asarray(over) != dropped).any():
                lines.append({"file": path.name, "alpha": color, "pixels": fnv(np.asarray(over))})
    return lines


# ---- BMP -------------------------------------------------------------------------------------------------------------


def bmp(rows, height, width, bits, compression=0, palette=b"", masks=b"", header=40, top_down=False, colors=0, offset=None):
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, -height if top_down else height, 1, bits, compression, len(rows), 0, 0, colors, 0)
        info += masks
        info += b"\0" * (header - len(info))
    body = info + palette
    at = 14 + len(body) if offset is None else offset
    return b"BM" + struct.pack("<IHHI", 14 + len(body) + len(rows), 0, 0, at) + body + rows


def bmp_rows(samples, bits):
    out = b""
    for row in samples[::-1]:
        if bits <= 8:
            row = np.packbits(np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :].ravel()).tobytes()
        else:
            row = row.tobytes()
        out += row + b"\0" * (-len(row) % 4)
    return out


def bmps():
    values = formula(13, 17)
    palette = b"".join(bytes([(i * 5) % 256, (i * 11) % 256, (i * 23 + 9) % 256, 0]) for i in range(256))
    for bits in (1, 4, 8):
        small = values[..., 1].astype(int) % (1 << bits)
        rows = bmp_rows(small, bits)
        add(f"palette{bits}.bmp", bmp(rows, 13, 17, bits, palette=palette[: 4 << bits]))
        add(f"palette{bits}_os2.bmp", bmp(rows, 13, 17, bits, header=12, palette=b"".join(palette[i : i + 3] for i in range(0, 4 << bits, 4))))
    add("palette_no_offset.bmp", bmp(rows, 13, 17, 8, palette=palette, offset=54))
    add("palette_short.bmp", bmp(bmp_rows(values[..., 1] % 7, 8), 13, 17, 8, palette=palette[:40], colors=10))
    grey = b"".join(bytes([i, i, i, 0]) for i in range(256))
    add("grey.bmp", bmp(rows, 13, 17, 8, palette=grey))
    add("black_white.bmp", bmp(bmp_rows(values[..., 1] % 2, 1), 13, 17, 1, palette=b"\0\0\0\0\xff\xff\xff\0"))
    add("rgb24.bmp", bmp(bmp_rows(values[..., ::-1], 24), 13, 17, 24))
    add("rgb24_top_down.bmp", bmp(bmp_rows(values[::-1, :, ::-1], 24), 13, 17, 24, top_down=True))
    four = np.dstack([values[..., ::-1], values[..., :1]])
    add("rgb32.bmp", bmp(bmp_rows(four, 32), 13, 17, 32))
    for name, masks in (("bgra", (0xFF0000, 0xFF00, 0xFF, 0xFF000000)), ("rgba", (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
                        ("abgr", (0xFF000000, 0xFF0000, 0xFF00, 0xFF)), ("none", (0, 0, 0, 0))):
        add(f"fields32_{name}.bmp", bmp(bmp_rows(four, 32), 13, 17, 32, 3, masks=struct.pack("<4I", *masks), header=108))
    add("fields32_short_header.bmp", bmp(bmp_rows(four, 32), 13, 17, 32, 3, palette=struct.pack("<3I", 0xFF0000, 0xFF00, 0xFF)))
    add("fields32_10_bits.bmp", bmp(bmp_rows(four, 32), 13, 17, 32, 3, masks=struct.pack("<4I", 0x3FF00000, 0xFFC00, 0x3FF, 0), header=108))
    words = (values[..., 0].astype(np.uint16) * 251 + values[..., 1]).astype("<u2")
    add("rgb16_555.bmp", bmp(bmp_rows(words, 16), 13, 17, 16))
    add("rgb16_565.bmp", bmp(bmp_rows(words, 16), 13, 17, 16, 3, masks=struct.pack("<3I", 0xF800, 0x7E0, 0x1F), header=56))
    rle8 = b"".join(bytes([5, y, 0, 3, 1, 2, 3, 0, 9, y + 20, 0, 0]) for y in range(12))
    end = bytes([0, 2, 3, 0, 14, 7, 0, 1])
    add("rle8.bmp", bmp(rle8 + end, 13, 17, 8, 1, palette=palette))
    add("rle8_long_run.bmp", bmp(bytes([255, 3, 0, 0]) * 13 + bytes([0, 1]), 13, 17, 8, 1, palette=palette))
    add("rle8_cut.bmp", bmp(rle8, 13, 17, 8, 1, palette=palette))
    add("rle8_move_up.bmp", bmp(bytes([0, 2, 4, 11]) + rle8[:12] + end, 13, 17, 8, 1, palette=palette))
    rle4 = b"".join(bytes([5, 0x12, 0, 7, 0x34, 0x56, 0x78, 0x90, 5, 0xA0 + y, 0, 0]) for y in range(13))
    add("rle4.bmp", bmp(rle4 + bytes([0, 1]), 13, 17, 4, 2, palette=palette[:64]))
    add_tenths("rgb24.bmp")
    add_part("rgb24.bmp", (FILES / "rgb24.bmp").stat().st_size - 1)  # the last row's padding
    add("size_huge.bmp", bmp(b"abc", 2**31 - 1, 2**31 - 1, 24))
    add("size_zero.bmp", bmp(b"abc", 0, 17, 24))
    add("bits_2.bmp", bmp(bytes(999), 13, 17, 2))
    add("header_13.bmp", b"BM" + struct.pack("<IHHII", 99, 0, 0, 30, 13) + bytes(60))
    add("compressed_jpeg.bmp", bmp(b"abc", 13, 17, 24, 4))


# ---- PNM -------------------------------------------------------------------------------------------------------------


def pnms():
    values = formula(5, 7)
    words = lambda array: " ".join(str(v) for v in array.ravel()).encode()  # noqa: E731
    bits = values[..., 1] % 2
    packed = b"".join(np.packbits(row).tobytes() for row in bits)
    add("bits_plain.pbm", b"P1\n# made by hand\n7 5\n" + words(bits) + b"\n")
    add("bits_tight.pbm", b"P1 7 5\n" + b"".join(b"%d" % v for v in bits.ravel()))
    add("bits.pbm", b"P4\n7 5\n" + packed)
    add("grey_plain.pgm", b"P2\n7 5 # comment\n255\n" + words(values[..., 1]))
    add("grey.pgm", b"P5\n7 5\n255\n" + values[..., 1].tobytes())
    add("grey_of_100.pgm", b"P5 7 5 100 " + (values[..., 1] % 101).tobytes())
    add("grey_beyond.pgm", b"P5 7 5 100 " + values[..., 1].tobytes())
    add("grey_of_1000.pgm", b"P5 7 5 1000 " + (values[..., 1].astype(">u2") % 9).tobytes())
    add("grey_of_65535.pgm", b"P5 7 5 65535 " + (values[..., 1].astype(">u2") * 2).tobytes())
    add("grey_plain_of_1000.pgm", b"P2 7 5 1000 " + words(values[..., 1] % 9))
    add("rgb_plain.ppm", b"P3\n#c\n7\n5\n255\n" + words(values) + b"\n")
    add("rgb_plain_of_9.ppm", b"P3 7 5 9 " + words(values % 10))
    add("rgb.ppm", b"P6\n7 5\n255\n" + values.tobytes())
    add("rgb_of_31.ppm", b"P6 7 5 31\n" + (values % 32).tobytes())
    add("rgb_of_65535.ppm", b"P6 7 5 65535\n" + (values.astype(">u2") * 257 - 3).tobytes())
    for name in ("bits_plain.pbm", "bits.pbm", "grey_plain.pgm", "grey_of_1000.pgm", "rgb.ppm", "rgb_plain.ppm"):
        add_tenths(name)
    for name, text in (("zero_width", "P6 0 5 255 "), ("no_maximum", "P6 7 5 0 "), ("maximum_65536", "P6 7 5 65536 "),
                       ("letters", "P6 seven 5 255 "), ("negative", "P6 -7 5 255 "), ("long_number", "P6 70000000000 5 255 "),
                       ("huge", "P6 99999 99999 255 "), ("kind_7", "P7 7 5 255 "), ("kind_62", "P62 7 5 255 "),
                       ("plain_above", "P3 1 1 9 1 10 1"), ("plain_word", "P3 1 1 9 1 x 1"), ("plain_bit", "P1 2 1 0 2")):
        add(f"bad_{name}.ppm", text.encode() + bytes(9))


def others():
    for name, data in (("empty", b""), ("text.jpg", b"These are my holiday pictures.\n"), ("page.jpg", b"<!DOCTYPE html><html></html>"),
                       ("zeros", bytes(64)), ("noise", hashlib.sha256(b"noise").digest() * 4), ("one_byte", b"\xff"),
                       ("riff.wav", b"RIFF\x24\0\0\0WAVEfmt ")):
        add(name, data)


# ---- awkward files -----------------------------------------------------------------------------------------------------------


awkward = []


def add_awkward(name, data, **marks):
    (FILES / name).write_bytes(data)
    awkward.append({"file": name, **judged(data), **marks})


def turbo_by(setting, *arguments, **named):
    """turbo() with a setting that TurboJPEG reads from the environment."""
    os.environ[setting] = "1"
    try:
        return turbo(*arguments, **named)
    finally:
        del os.environ[setting]


def without_segment(jpeg, marker):
    at = jpeg.index(marker)
    return jpeg[:at] + jpeg[at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0] :]


def awkward_jpegs():
    cmyk = np.dstack([formula(19, 23), formula(23, 19)[:19, :19, :1].repeat(2, 1)[:, :23]])
    add_awkward("awkward_arithmetic.jpg", turbo_by("TJ_ARITHMETIC", formula(33, 41), 2))
    add_awkward("awkward_arithmetic_444.jpg", turbo_by("TJ_ARITHMETIC", formula(15, 9), 0))
    for name, subsampling in (("440", 4), ("411", 5)):
        for height, width in ((1, 1), (1, 9), (9, 1), (7, 17), (17, 7), (31, 33)):
            add_awkward(f"awkward_{name}_{height}x{width}.jpg", turbo(formula(height, width), subsampling))
        add_awkward(f"awkward_{name}_progressive.jpg", turbo_by("TJ_PROGRESSIVE", formula(17, 31), subsampling))
    add_awkward("awkward_ycck_progressive.jpg", turbo_by("TJ_PROGRESSIVE", cmyk, 2, cmyk=True))
    add_awkward("awkward_ycck_444_odd.jpg", turbo(cmyk[:7, :13], 0, cmyk=True))
    ink = saved(Image.fromarray(cmyk, "CMYK"), format="JPEG")
    add_awkward("awkward_cmyk_unmarked.jpg", without_segment(ink, b"\xff\xee"))
    plain = saved(picture(9, 14), format="JPEG")
    frame = plain.index(b"\xff\xc0")
    for name, change in (("bits_12_extended", (b"\xff\xc1", b"\x0c")), ("bits_16", (b"\xff\xc0", b"\x10")), ("lossless", (b"\xff\xc3", b"\x08")),
                         ("hierarchical", (b"\xff\xc5", b"\x08")), ("no_scan_of_progressive", (b"\xff\xc2", b"\x08"))):
        add_awkward(f"awkward_{name}.jpg", plain[:frame] + change[0] + plain[frame + 2 : frame + 4] + change[1] + plain[frame + 5 :])
    add_awkward("awkward_two_pictures.jpg", plain + saved(picture(5, 5), format="JPEG"))
    add_awkward("awkward_of_a_phone.jpg", saved(picture(9, 14), format="MPO", save_all=True, append_images=[picture(9, 14)]))
    add_awkward("awkward_thumbnail.jpg", with_app1(plain, b"Exif\0\0" + exif(3) + saved(picture(4, 4), format="JPEG")))
    add_awkward("awkward_fill_bytes.jpg", plain[:frame] + b"\xff\xff\xff" + plain[frame:])
    add_awkward("awkward_start_only.jpg", b"\xff\xd8\xff\xd9")
    add_awkward("awkward_byte_before.jpg", b"\0" + plain)
    add_awkward("awkward_1x10000.jpg", saved(picture(1, 10000), format="JPEG", quality=30))
    add_awkward("awkward_10000x1.jpg", saved(picture(10000, 1), format="JPEG", quality=30))


def awkward_pngs():
    rgb = formula(13, 17).astype(np.uint32)
    small = rgb[..., 1:2] % 16
    palette = chunk(b"PLTE", bytes(range(48)))
    clear = chunk(b"tRNS", bytes([0, 128, 255]))
    add_awkward("awkward_palette_transparent_interlaced.png", png(small, 4, 3, True, palette + clear))
    add_awkward("awkward_bits_transparent.png", png(rgb[..., 1:2] % 2, 1, 3, False, chunk(b"PLTE", bytes(range(6))) + chunk(b"tRNS", b"\0")))
    for height, width in ((1, 10000), (10000, 1)):
        strip = formula(height, width).astype(np.uint32)
        add_awkward(f"awkward_{height}x{width}.png", saved(picture(height, width), format="PNG"))
        add_awkward(f"awkward_{height}x{width}_interlaced.png", png(strip[..., :1], 8, 0, True))
    data = zlib.compress(png_image_data(rgb, 8, False), 9)
    header = png(rgb, 8, 2)[8:33]
    pieces = b"".join(chunk(b"IDAT", data[i : i + 1]) for i in range(len(data)))
    start, end = b"\x89PNG\r\n\x1a\n", chunk(b"IEND", b"")
    add_awkward("awkward_a_byte_a_chunk.png", start + header + pieces[: 13 * 400] + chunk(b"IDAT", data[400:]) + end)
    add_awkward("awkward_empty_chunks.png", start + header + chunk(b"IDAT", b"") * 3 + chunk(b"IDAT", data) + end)
    add_awkward("awkward_no_header.png", start + chunk(b"IDAT", data) + end)
    add_awkward("awkward_header_second.png", start + chunk(b"hIST", header[8:21]) + png(rgb, 8, 2)[8:], stricter=True)
    add_awkward("awkward_no_pixels.png", start + header + end)
    add_awkward("awkward_palette_after.png", png(small, 4, 3, after=palette), stricter=True)
    add_awkward("awkward_exif_of_2_gb.png", start + header + struct.pack(">I", 2**31 - 1) + b"eXIf" + chunk(b"IDAT", data) + end)
    add_awkward("awkward_scale_of_700_mb.png", start + header + struct.pack(">I", 700 << 20) + b"sCAL" + chunk(b"IDAT", data) + end)
    add_awkward("awkward_junk_after.png", png(rgb, 8, 2) + bytes(range(256)))
    add_awkward("awkward_crc_pixels.png", start + header + chunk(b"IDAT", data, 1) + end, stricter=True)
    add_awkward("awkward_size_of_1_bit.png", png(rgb[..., 1:2] % 2, 1, 0, size=(2**31 - 1, 1), data=b""))


def awkward_others():
    values = formula(13, 17)
    for name, options in (("webp", {"format": "WEBP", "lossless": True}), ("bmp", {"format": "BMP"}), ("tif", {"format": "TIFF", "compression": "tiff_lzw"})):
        add_awkward(f"awkward_1x10000.{name}", saved(Image.fromarray(np.zeros((1, 10000, 3), np.uint8) + 7), **options))
        add_awkward(f"awkward_10000x1.{name}", saved(Image.fromarray(np.zeros((10000, 1, 3), np.uint8) + 7), **options))
    webp = saved(picture(33, 21), format="WEBP", quality=60)
    add_awkward("awkward_frame_of_2_gb.webp", webp[:16] + struct.pack("<I", 2**31 - 2) + webp[20:])
    add_awkward("awkward_size_zero.webp", webp[:26] + bytes(4) + webp[30:])
    add_awkward("awkward_junk_after.webp", webp + b"junk")
    raw = values.tobytes()
    loop = bytearray(tiff([raw], 13, 17, (8, 8, 8), 2))
    directory = struct.unpack("<I", loop[4:8])[0]
    entries = struct.unpack("<H", loop[directory : directory + 2])[0]
    loop[directory + 2 + 12 * entries : directory + 6 + 12 * entries] = struct.pack("<I", directory)
    add_awkward("awkward_directory_loop.tif", bytes(loop))
    add_awkward("awkward_strip_past_end.tif", tiff([raw], 13, 17, (8, 8, 8), 2, t273=("I", [1 << 30])))
    add_awkward("awkward_strip_of_4_gb.tif", tiff([raw], 13, 17, (8, 8, 8), 2, t279=("I", [2**32 - 1])))
    add_awkward("awkward_predictor.tif", saved(picture(), format="TIFF", compression="tiff_lzw", tiffinfo={317: 2}))
    add_awkward("awkward_big.tif", saved(picture(), format="TIFF", big_tiff=True))
    add_awkward("awkward_rows_of_2_to_32.tif", tiff([raw], 13, 17, (8, 8, 8), 2, t278=("I", [2**32 - 1])))
    add_awkward("awkward_deflate_bomb.tif", tiff([zlib.compress(bytes(300_000), 9)], 13, 17, (8, 8, 8), 2, t259=("H", [8])))
    add_awkward("awkward_tile_of_2_gb.tif", tiff([b"abc"], 13, 17, (16,) * 6, 2, t322=("I", [12288]), t323=("I", [12288]), t259=("H", [8]), t338=("H", [0] * 3)))
    add_awkward("awkward_500_mb_in_a_strip.tif", tiff([b"abc"], 13000, 13000, (8, 8, 8), 2, t259=("H", [5])))
    add_awkward("awkward_top_bit_height.bmp", bmp(b"abc", 2**31 - 1, 17, 24, top_down=True))
    add_awkward("awkward_pixels_past_end.bmp", bmp(bmp_rows(values[..., ::-1], 24), 13, 17, 24, offset=2**31))
    add_awkward("awkward_1x10000.ppm", b"P6 10000 1 255\n" + bytes(30000))
    add_awkward("awkward_nothing_after_size.ppm", b"P6 10000 10000 255\n")
    add_awkward("awkward_comment_without_end.ppm", b"P6 # 7 5 255")
    add_awkward("awkward_a_gif.jpg", saved(picture().quantize(8), format="GIF"), stricter=True)
    for name in ("awkward_arithmetic.jpg", "awkward_ycck_progressive.jpg", "awkward_411_31x33.jpg", "awkward_a_byte_a_chunk.png", "awkward_predictor.tif"):
        data = (FILES / name).read_bytes()
        for tenth in range(1, 10):
            awkward.append({"file": name, "keep": len(data) * tenth // 10, **judged(data[: len(data) * tenth // 10])})
    arithmetic = (FILES / "awkward_arithmetic.jpg").read_bytes()
    awkward.append({"file": "awkward_arithmetic.jpg", "keep": len(arithmetic) - 2, **judged(arithmetic[:-2])})


# ---- resize, crop, encode, hymenoptera -------------------------------------------------------------------------------


def resizes():
    sizes = [((1, 1), (1, 1)), ((1, 1), (9, 5)), ((7, 5), (1, 1)), ((33, 21), (33, 21)), ((33, 21), (33, 10)), ((33, 21), (50, 21)),
             ((33, 21), (16, 11)), ((33, 21), (8, 60)), ((33, 21), (100, 4)), ((64, 64), (63, 65)), ((375, 500), (256, 341)),
             ((260, 350), (224, 224)), ((350, 260), (224, 224)), ((400, 250), (224, 224)), ((300, 20), (20, 30)), ((100, 100), (3, 51)),
             ((100, 100), (3, 52)), ((2, 3), (224, 224)), ((1, 300), (2, 7)), ((300, 1), (7, 2)), ((29, 31), (31, 29))]
    out = []
    for (height, width), (to_height, to_width) in sizes:
        line = {"from": [height, width], "to": [to_height, to_width]}
        for name, interpolation in (FILTERS | {"lanczos": Image.Resampling.LANCZOS}).items():
            line[name] = fnv(np.asarray(picture(height, width).resize((to_width, to_height), interpolation)))
        out.append(line)
    return out


def shorter_sides():
    out = []
    for height, width, size in ((375, 500, 256), (500, 375, 256), (333, 500, 256), (256, 300, 256), (300, 256, 256), (7, 5, 3), (5, 7, 9),
                                (499, 333, 232), (1, 9, 4), (31, 97, 30), (97, 31, 30), (64, 64, 40)):
        resized = F.resize(picture(height, width), size, InterpolationMode.BILINEAR)
        out.append({"from": [height, width], "size": size, "to": [resized.height, resized.width], "bilinear": fnv(np.asarray(resized))})
    return out


def center_crops():
    out = []
    for height, width, size in ((20, 20, 20), (21, 20, 20), (23, 22, 20), (25, 27, 20), (20, 31, 18), (10, 30, 20), (30, 11, 20), (9, 10, 20),
                                (1, 1, 4), (19, 20, 20), (17, 18, 5)):
        out.append({"from": [height, width], "size": size, "pixels": fnv(np.asarray(F.center_crop(picture(height, width), size)))})
    return out


def encodes():
    out = []
    for height, width in ((33, 41), (64, 48), (1, 1)):
        for quality in (1, 50, 90, 100):
            again = Image.open(io.BytesIO(saved(picture(height, width), format="JPEG", quality=quality)))
            out.append({"from": [height, width], "quality": quality, "pixels": fnv(np.asarray(again))})
    return out


def hymenoptera(folder):
    out = {}
    for path in sorted(folder.glob("*/*/*.jp*g")):
        image = Image.open(path).convert("RGB")
        line = {"pixels": fnv(np.asarray(image))}
        if path.parts[-3] == "val":
            for name in FILTERS:
                resized = F.resize(image, 256, InterpolationMode(name))
                line[name] = fnv(np.asarray(F.center_crop(resized, 224)))
        out["/".join(path.parts[-3:])] = line
    return out


def write(name, value):
    """One line for each item, so that a change is a small diff."""
    if isinstance(value, dict):
        lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
        (OUT / name).write_text("{\n" + lines + "\n}\n")
    else:
        (OUT / name).write_text("[\n" + ",\n".join(" " + json.dumps(item) for item in value) + "\n]\n")


def main():
    FILES.mkdir(parents=True, exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    for make in (jpegs, pngs, webps, tiffs, bmps, pnms, others):
        make()
    write("cases.json", cases)
    for make in (awkward_jpegs, awkward_pngs, awkward_others):
        make()
    write("awkward.json", awkward)
    write("alpha.json", alphas())
    write("resize.json", resizes())
    write("shorter_side.json", shorter_sides())
    write("center_crop.json", center_crops())
    write("encode.json", encodes())
    if len(sys.argv) > 1:
        write("hymenoptera.json", hymenoptera(pathlib.Path(sys.argv[1])))


if __name__ == "__main__":
    main()
