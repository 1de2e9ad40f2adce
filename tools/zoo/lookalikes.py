#!/usr/bin/env python3
"""Lists timm's networks whose tensors have the names and shapes of one of graft's networks, which a file cannot tell apart.

    python tools/zoo/lookalikes.py build/graft

For each such network of timm: the network of graft, and whether graft has both, as models of their own ("both"), or only
one, whose registry line must then name the other in `lookalikes` ("one").
"""
import collections
import json
import subprocess
import sys

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import timm
import torch


def shapes(name):
    with torch.device("meta"):
        network = timm.create_model(name, num_classes=1000)
    return tuple((key, tuple(value.shape)) for key, value in network.state_dict().items())


def main():
    listed = json.loads(subprocess.check_output([sys.argv[1], "models", "--json"]))
    ours = {model["timm_name"] for model in listed}
    names = collections.defaultdict(list)
    for name in timm.list_models():
        try:
            names[shapes(name)].append(name)
        except (RuntimeError, TypeError, NotImplementedError) as error:  # not on the meta device, or without classes
            print(f"{name}: {str(error).splitlines()[0]}", file=sys.stderr)
    for same in names.values():
        for name in ours.intersection(same):
            for other in same:
                if other != name:
                    print(other, name, "both" if other in ours else "one", flush=True)


if __name__ == "__main__":
    main()
