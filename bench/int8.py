#!/usr/bin/env python3
"""The time of an INT8 model in ONNX Runtime beside float32, in alternating rounds.

    graft export RUN --format onnx --out float32.onnx
    graft export RUN --format onnx --int8 DATA --out int8.onnx
    bench/int8.py float32.onnx int8.onnx
"""
import statistics
import sys
import time

import numpy
import onnxruntime

ROUNDS = 7


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def seconds(of, images, calls):
    start = time.perf_counter()
    for _ in range(calls):
        of.run(None, {"images": images})
    return (time.perf_counter() - start) / calls


def main(float32, int8):
    for threads in (1, 2):
        pair = session(float32, threads), session(int8, threads)
        height, width = pair[0].get_inputs()[0].shape[2:]
        for batch in (1, 8):
            images = numpy.random.default_rng(0).random((batch, 3, height, width), numpy.float32)
            calls = max(3, 40 // batch)
            for each in pair:
                seconds(each, images, 3)
            times = [[seconds(each, images, calls) for each in pair] for _ in range(ROUNDS)]
            ratios = [a / b for a, b in times]
            a, b = (1000 * statistics.median(column) for column in zip(*times))
            print(f"{threads} threads, batch {batch}: float32 {a:.1f} ms, int8 {b:.1f} ms, "
                  f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})")


if __name__ == "__main__":
    main(*sys.argv[1:3])
