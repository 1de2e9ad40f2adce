"""Tensors from a formula that Python and C++ (tests/support/formula.h) compute with the same bits.

Element i of the tensor called NAME is u(NAME, i), uniform in [-1, 1): the top 24 bits of SplitMix64's i-th draw
from the seed FNV-1a(NAME), so that float32 holds it exactly. `parameter` scales and shifts it in float64 and rounds
once, so that a network filled with it has activations and logits of ordinary size.
"""
import math

import numpy as np

MASK = (1 << 64) - 1


def fnv1a(text):
    """The 64-bit FNV-1a hash of a string's bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def uniform(name, count):
    """u(name, 0 … count−1), float64 in [-1, 1)."""
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1.0


def tensor(name, shape, center=0.0, scale=1.0):
    """center + scale · u, float32, row-major."""
    return (center + scale * uniform(name, math.prod(shape))).astype(np.float32).reshape(shape)


def parameter(name, shape):
    """A parameter or buffer of a network by its name in the state dict and its shape."""
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, np.int64)
    if name.endswith("running_var"):
        return tensor(name, shape, 1.0, 0.5)
    if name.endswith(("pos_embed", "pos_embedding")):  # as large as the tokens to which it is added
        return tensor(name, shape, 0.0, 1.0)
    if len(shape) >= 2:  # Var(u) = 1/3: convolutions and linear layers preserve the scale of activations
        return tensor(name, shape, 0.0, math.sqrt(3.0 / math.prod(shape[1:])))
    if name.endswith("weight"):  # of a batch norm
        return tensor(name, shape, 1.0, 0.25)
    return tensor(name, shape, 0.0, 0.125)  # biases, running means


def fill(network):
    """Fills every parameter and buffer of a torch network, except the tables of relative positions: they are a part of
    the architecture."""
    import torch

    state = network.state_dict()  # its metadata has the versions of the modules, which MNASNet demands
    for name, value in state.items():
        if not name.endswith(("relative_position_index", "relative_coords_table")):
            state[name] = torch.from_numpy(parameter(name, tuple(value.shape)))
    network.load_state_dict(state, strict=True)
    return network


def fill_for_training(resnet18):
    """fill, with smaller values in the head and residual branches, so that small rounding differences between machines
    stay small during training."""
    fill(resnet18)
    for name, value in resnet18.state_dict().items():
        if name == "fc.weight":
            value *= 0.125
        elif name.startswith("layer") and name.endswith("bn2.weight"):
            value *= 0.25
    return resnet18
