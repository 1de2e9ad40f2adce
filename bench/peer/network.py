"""Milliseconds an image of a network alone, on a batch in memory, with torch or ONNX Runtime: a line of JSON per pass."""
import argparse
import tempfile
import time

import torch

import common

PASS_SECONDS = 1


def torch_engine(model, images):
    def answer():
        with torch.inference_mode():
            model(images)
    return answer


def onnx_engine(model, images):
    import onnxruntime
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        torch.onnx.export(model, (images,), file.name, dynamo=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        session = onnxruntime.InferenceSession(file.name, options, providers=["CPUExecutionProvider"])
    inputs = {session.get_inputs()[0].name: images.numpy()}
    return lambda: session.run(None, inputs)


ENGINES = {"torch": torch_engine, "onnxruntime": onnx_engine}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="torch")
    parser.add_argument("--passes", type=int, default=3)
    common.add_arguments(parser)
    args = parser.parse_args()

    torch.manual_seed(0)
    model = common.untouched_network(args.model).eval()
    answer = ENGINES[args.engine](model, torch.randn(args.batch_size, 3, 224, 224))
    answer()  # the first one allocates
    for _ in range(args.passes):
        began, count = time.perf_counter(), 0
        while count == 0 or time.perf_counter() - began < PASS_SECONDS:
            answer()
            count += args.batch_size
        common.say(milliseconds=1000 * (time.perf_counter() - began) / count)


if __name__ == "__main__":
    main()
