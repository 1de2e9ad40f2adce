"""Makes tests/golden/weights: small files written by PyTorch and the safetensors library, and their contents.

Run from the root of the sources with a Python that has torch, numpy and safetensors:

    python tools/goldens/weights.py

manifest.json has for every file either the tensors (name, dtype, shape, bytes in hexadecimal) in the file's order, or
the words that the error must contain (no legacy whole model and no TorchScript: those contain sources and paths of the
machine that wrote them). Files are the same on every run except for the storage keys of legacy pickles.
"""

import collections
import json
import os
import pathlib

import safetensors.torch
import torch

OUT = pathlib.Path("tests/golden/weights")


def hexadecimal(tensor):
    flat = tensor.detach().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes().hex() if flat.numel() else ""


def described(tensors):
    return [
        {
            "name": name,
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "hex": hexadecimal(tensor),
        }
        for name, tensor in tensors.items()
    ]


def every_dtype():
    numbers = [0, 1, 2, 3, 100, 127]
    return collections.OrderedDict(
        (str(dtype).removeprefix("torch."), torch.tensor(numbers).to(dtype).reshape(2, 3))
        for dtype in (
            torch.float32,
            torch.float64,
            torch.float16,
            torch.bfloat16,
            torch.int64,
            torch.int32,
            torch.int16,
            torch.int8,
            torch.uint8,
            torch.bool,
        )
    )


def views():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    return collections.OrderedDict(
        base=base,
        transposed=base.t(),
        column=base[:, 2],
        every_second=base[::2, 1::2],
        row=base[1],
        expanded=torch.tensor([7.0]).expand(3),
        permuted=torch.arange(24, dtype=torch.int16).reshape(2, 3, 4).permute(2, 0, 1),
        scalar=torch.tensor(3.5),
        empty=torch.empty(0, 5),
        channels_last=torch.arange(16, dtype=torch.float32).reshape(1, 4, 2, 2).contiguous(memory_format=torch.channels_last),
    )


def network():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())


class Command:
    """An object whose unpickling runs a command."""

    def __reduce__(self):
        return os.system, ("echo a pickle ran",)


class Maker:
    def __init__(self):
        self.manifest = {}

    def read(self, name, tensors):
        self.manifest[name] = {"tensors": described(tensors)}

    def refuse(self, name, *words):
        self.manifest[name] = {"refused": list(words)}

    def pth(self, name, value, tensors, **settings):
        torch.save(value, name, **settings)
        self.read(name, tensors)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    os.chdir(OUT)
    make = Maker()
    legacy = {"_use_new_zipfile_serialization": False}

    make.pth("dtypes.pth", every_dtype(), every_dtype())
    make.pth("dtypes_legacy.pth", every_dtype(), every_dtype(), **legacy)
    for protocol in (3, 4, 5):
        make.pth(f"protocol{protocol}.pth", every_dtype(), every_dtype(), pickle_protocol=protocol)
    make.pth("protocol4_legacy.pth", every_dtype(), every_dtype(), pickle_protocol=4, **legacy)
    make.pth("views.pth", views(), views())
    make.pth("views_legacy.pth", views(), views(), **legacy)

    state = network().state_dict()  # an OrderedDict with _metadata
    make.pth("network.pth", state, state)
    make.pth("network_legacy.pth", state, state, **legacy)
    parameters = collections.OrderedDict(network().named_parameters())  # torch.nn.Parameter
    make.pth("parameters.pth", parameters, parameters)

    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(2, 3, 5, 5)).sum().backward()
    optimizer.step()
    beside = {"epoch": 3, "best": 0.5, "name": "x", "optimizer": optimizer.state_dict(), "size": torch.Size([1, 2])}
    for key in ("state_dict", "model", "model_state_dict"):
        make.pth(f"under_{key}.pth", {**beside, key: model.state_dict()}, model.state_dict())

    torch.serialization.set_crc32_options(False)
    make.pth("without_checksums.pth", views(), views())
    torch.serialization.set_crc32_options(True)

    make.pth("whole_model.pth", network(), state)
    weight = {"weight": torch.ones(2)}
    make.pth("command.pth", {**weight, "x": Command()}, weight)
    make.pth("command_legacy.pth", {**weight, "x": Command()}, weight, **legacy)
    torch.save(beside, "no_state_dict.pth")
    make.refuse("no_state_dict.pth", "holds no state dict", "epoch (a number)")
    torch.save({"c": torch.ones(2, dtype=torch.complex64)}, "complex.pth")
    make.refuse("complex.pth", '"c"', "ComplexFloatStorage")
    torch.save({"c": torch.ones(2, dtype=torch.complex64).conj()}, "conjugated.pth")
    make.refuse("conjugated.pth", '"c"', "conjugated")

    contiguous = {name: tensor.contiguous().clone() for name, tensor in views().items()}
    safetensors.torch.save_file(contiguous, "views.safetensors", metadata={"format": "pt", "note": "Grüße"})
    make.read("views.safetensors", in_order("views.safetensors", contiguous))
    safetensors.torch.save_file(every_dtype(), "dtypes.safetensors")
    make.read("dtypes.safetensors", in_order("dtypes.safetensors", every_dtype()))
    safetensors.torch.save_file({"a": torch.ones(2).to(torch.float8_e4m3fn)}, "float8.safetensors")
    make.refuse("float8.safetensors", '"a"', "F8_E4M3")

    for name in make.manifest:
        os.chmod(name, 0o644)
    with open("manifest.json", "w") as file:
        json.dump(make.manifest, file, indent=1)
        file.write("\n")


def in_order(name, tensors):
    """The tensors in the order of the file's data."""
    with open(name, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    names = [key for key in header if key != "__metadata__"]
    names.sort(key=lambda key: (header[key]["data_offsets"], key))
    return {key: tensors[key] for key in names}


if __name__ == "__main__":
    main()
