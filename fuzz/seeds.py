#!/usr/bin/env python3
"""Makes the seed corpora of the fuzz targets: FOLDER/TARGET/NAME, small files, most of them valid.

    fuzz/seeds.py FOLDER

Needs Python's standard library alone. Pictures and weights are those of tests/golden; the rest is written here.
"""

import io
import json
import pathlib
import pickle
import pickletools
import struct
import sys
import zipfile

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "tests/golden"
LARGEST = 8192  # bytes: larger files make slow executions
PICTURES = {"jpeg": (".jpg",), "png": (".png",), "webp": (".webp",), "tiff": (".tif",), "bmp_pnm": (".bmp", ".pbm", ".pgm", ".ppm")}


class Seeds:
    def __init__(self, folder):
        self.folder = folder

    def add(self, target, name, data):
        if len(data) > LARGEST:
            return
        place = self.folder / target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)


def pictures(seeds):
    for path in sorted((GOLDEN / "images/files").iterdir()):
        for target, endings in PICTURES.items():
            if path.suffix in endings:
                seeds.add(target, path.name, path.read_bytes())


def exif(seeds):
    for order, head in (("<", b"II*\0"), (">", b"MM\0*")):
        for kind, value in ((1, "Bxxx"), (3, "Hxx"), (4, "I")):
            other = struct.pack(order + "HHI", 0x010F, 2, 4) + b"abc\0"
            entry = struct.pack(order + "HHI", 0x0112, kind, 1) + struct.pack(order + value, 6)
            data = head + struct.pack(order + "IH", 8, 2) + other + entry + struct.pack(order + "I", 0)
            seeds.add("exif", f"{'little' if order == '<' else 'big'}_{kind}", data)
            seeds.add("exif", f"{'little' if order == '<' else 'big'}_{kind}_marked", b"Exif\0\0" + data)


def zips(seeds):
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.comment = b"a comment"
            archive.writestr("set/", b"")
            archive.writestr("set/ants/1.jpg", b"not a picture")
            archive.writestr("set/bees/2.jpg", bytes(3000))
        seeds.add("zip", name, out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        with archive.open("a", "w", force_zip64=True) as entry:
            entry.write(b"a zip64 entry")
    seeds.add("zip", "zip64", out.getvalue())
    seeds.add("zip", "empty", b"PK\5\6" + bytes(18))


def pickles_of(path):
    """The pickles of a file of torch.save: data.pkl, or the consecutive ones of a legacy file."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        found = []
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith("/data.pkl"):  # stored; read directly, because some have no checksum
                    begin = entry.header_offset + 30
                    begin += sum(struct.unpack("<HH", data[begin - 4 : begin]))
                    found.append(data[begin : begin + entry.file_size])
        return found
    found, stream = [], io.BytesIO(data)
    for _ in range(5):
        begin = stream.tell()
        for _ in pickletools.genops(stream):
            pass
        found.append(data[begin : stream.tell()])
    return found


def weights(seeds):
    for path in sorted((GOLDEN / "weights").iterdir()):
        if path.suffix == ".safetensors":
            seeds.add("safetensors", path.name, path.read_bytes())
        if path.suffix != ".pth":
            continue
        seeds.add("pth", path.name, path.read_bytes())
        for i, data in enumerate(pickles_of(path)):
            seeds.add("pickle", f"{path.stem}_{i}", data)
    for protocol in (2, 3, 4, 5):
        shared = ["x", 1.5]
        value = {"a": [1, -1, 2**31, 2**70, True, None], "b": (shared, shared), "c": {1, 2}, "d": frozenset("e"), "f": b"g"}
        seeds.add("pickle", f"values_{protocol}", pickle.dumps(value, protocol))
    for name, tensors in (("two", {"a": ("F32", [1, 2], [0, 8]), "b": ("U8", [3], [8, 11])}), ("none", {})):
        header = {key: {"dtype": d, "shape": s, "data_offsets": o} for key, (d, s, o) in tensors.items()}
        text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
        seeds.add("safetensors", name, struct.pack("<Q", len(text)) + text + bytes(11 if tensors else 0))


def hostile(seeds):
    targets = {".pth": "pth", ".zip": "zip", ".safetensors": "safetensors"}
    for path in sorted((GOLDEN / "hostile").iterdir()):
        if path.suffix in targets:
            seeds.add(targets[path.suffix], f"hostile_{path.name}", path.read_bytes())


def texts(seeds):
    run = {
        "format": "graft-run", "started": "2026-01-01T00:00:00Z",
        "data": {"path": "d", "classes": ["ants", "bees"], "train": {"ants": 1}, "val": {"bees": 2}, "val_split_off": True},
        "options": {"epochs": 3}, "asked": {"lr": "auto"}, "resolved": {"lr": 0.001}, "versions": {"graft": "0.1.0"},
    }
    seeds.add("config", "run", json.dumps(run))
    seeds.add("config", "options", json.dumps({"exif": True, "max_pixels": 10, "decode": "fast"}))
    seeds.add("config", "run_options", json.dumps({**run, "options": {"exif": False, "max-pixels": 1e3}}))
    line = {"epoch": 1, "lr": 0.1, "train_loss": None, "train_acc": 0.5, "val_loss": 1, "val_acc": 1, "seconds": 2, "images": 9}
    seeds.add("config", "history", json.dumps(line) + "\n" + json.dumps({**line, "val_top5": 0.9}) + "\n")
    seeds.add("config", "deep", "[" * 3000)
    seeds.add("csv", "labels", "path,label,split\n1.jpg,ants,train\n\"a,b.jpg\",\"be\"\"es\",val\n")
    seeds.add("csv", "tabs", "sep=\t\n# x\nFile\tClass\tis_valid\n.\\1.jpg\t ants \tTrue\n")
    seeds.add("csv", "semicolons", "image;target;split\n1.jpg;a|b;Test\n")
    seeds.add("csv", "no_split", "\ufeffpath,label\r\n1.jpg,ants\r\n\r\n1.jpg,ants\r\n")
    predictions = "path,label,prediction,probability,loss\n"
    for row in ("a.jpg,ants,bees,0.5,0.7\n", "b.jpg,bees,bees,nan,inf\n"):
        predictions += row
    seeds.add("csv", "predictions", predictions)
    seeds.add("csv", "utf16", "path".encode("utf-16"))
    for i, text in enumerate(("https://download.pytorch.org/models/resnet18-f37072fd.pth", "http://h/a.pth?x=1#f", "ftp://h/a", "100-199/200",
                              "Content-Range: bytes 100-199/200\r\n", "*/200")):
        seeds.add("http", str(i), text)


def requests(seeds):
    part = '--B\r\nContent-Disposition: form-data; name="f"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\nabc\r\n'
    seeds.add("requests", "form", "multipart/form-data; boundary=B\n" + part + part + "--B--\r\n")
    seeds.add("requests", "form_quoted", 'multipart/form-data; boundary="B"\npreamble\r\n' + part + "--B--")
    seeds.add("requests", "form_cut", "multipart/form-data; boundary=B\n" + part[:-9])
    images = {"model": "m", "top_k": 3, "threshold": 0.5, "images": ["YWJj", {"name": "a.jpg", "data": "YQ=="}]}
    seeds.add("requests", "json", "application/json\n" + json.dumps(images))
    seeds.add("requests", "deep", "application/json\n" + "[" * 3000)
    pixels = {"name": "images", "shape": [2, 1, 2, 3], "datatype": "UINT8", "data": [[[[0, 1, 2], [3, 4, 5]]], [[[6, 7, 8], [9, 10, 255]]]]}
    files = {"name": "images", "shape": [1], "datatype": "BYTES", "data": ["YWJj"]}
    for name, tensor in (("pixels", pixels), ("files", files)):
        seeds.add("requests", name, "infer\n" + json.dumps({"id": "7", "inputs": [tensor]}))
    seeds.add("requests", "picture", "image/png\n\x89PNG".encode("latin-1"))


def main():
    seeds = Seeds(pathlib.Path(sys.argv[1]))
    for make in (pictures, exif, zips, weights, hostile, texts, requests):
        make(seeds)


if __name__ == "__main__":
    main()
