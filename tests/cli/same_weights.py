"""same_weights.py X.pth Y.safetensors: fails unless torch.load(weights_only=True) of the one gives the other's tensors."""
import json
import struct
import sys

import torch

DTYPES = {"F32": torch.float32, "I64": torch.int64}

with open(sys.argv[2], "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
    data = bytearray(file.read())
header.pop("__metadata__", None)
state = torch.load(sys.argv[1], weights_only=True)
assert list(state) != [] and set(state) == set(header), "other names"
for name, entry in header.items():
    first, end = entry["data_offsets"]
    expected = torch.frombuffer(data[first:end], dtype=DTYPES[entry["dtype"]]).reshape(entry["shape"])
    assert state[name].dtype == expected.dtype and torch.equal(state[name], expected), name
print(len(state), "tensors")
