#!/usr/bin/env python3
"""Compares graft's ONNX files with graft's logits in ONNX Runtime, for the networks of the registry.

    tools/zoo/onnx.py build/tests/write_onnx_files FOLDER [PATTERN...]

FOLDER gets the files of one network after another (up to 2 GiB), which are removed. Exit code 1 if a network's logits
differ by more than 1e-4 of the largest, for one image or for five, or cannot be computed.
"""
import os
import subprocess
import sys

import numpy
import onnxruntime

TOLERANCE = 1e-4


def difference(base, size):
    images = numpy.fromfile(base + ".images", numpy.float32).reshape(-1, 3, size, size)
    logits = numpy.fromfile(base + ".logits", numpy.float32).reshape(len(images), -1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(base + ".onnx", options)
    worst = 0.0
    for count in (1, len(images)):
        given = session.run(["logits"], {"images": images[:count]})[0]
        worst = max(worst, float(abs(given - logits[:count]).max() / abs(logits).max()))
    return worst


def main():
    program, folder, *patterns = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    failed, compared = [], 0
    writer = subprocess.Popen([program, folder, *patterns], stdout=subprocess.PIPE, text=True)
    for line in writer.stdout:
        name, size = line.split()
        base = os.path.join(folder, name)
        try:
            worst = difference(base, int(size))
            good = worst <= TOLERANCE
            print(f"{name:40} {worst:.1e}{'' if good else '  WRONG'}", flush=True)
        except Exception as error:  # of ONNX Runtime
            good = False
            print(f"{name:40} {error}", flush=True)
        compared += 1
        if not good:
            failed.append(name)
        for ending in (".onnx", ".images", ".logits"):
            os.remove(base + ending)
    if writer.wait() != 0:
        failed.append("(not exported)")
    print(f"{compared} networks, {len(failed)} failed: {' '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
