"""A server of a trained network: POST /v1/predict with the bytes of a picture, or multipart/form-data with pictures.

    python serve.py --timm FOLDER --port 8001                                   # of graft export --format timm
    python serve.py --model resnet18 --weights model.pth --classes ants bees    # of --format pth --names torchvision
    python serve.py --versions                                                  # of its packages, as JSON

The endpoint is a plain function, which FastAPI calls in its pool of threads. --threads, --workers and --pool are the
settings that change the speed. OMP_NUM_THREADS has to equal --threads: convolutions in threads other than the main one
do not follow torch.set_num_threads. Prints "ready" when a worker process has its network.
"""
import argparse
import contextlib
import io
import json
import os
from typing import Annotated

import anyio.to_thread
import torch
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from PIL import Image, UnidentifiedImageError

import common

SETTINGS = "GRAFT_PEER_SERVE"  # the arguments, for uvicorn's worker processes


def timm_network(folder):
    """Network, transform and names of the classes of a folder of timm."""
    import timm
    model = timm.create_model(f"local-dir:{folder}", pretrained=True)
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
    with open(os.path.join(folder, "config.json")) as file:
        return model, transform, json.load(file)["label_names"]


def torchvision_network(name, weights, classes):
    return common.trained_network(name, len(classes), weights), common.transform(name, "val"), classes


async def pictures(request: Request):
    """The pictures of a request, as pairs of name and bytes."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            return [(file.filename, await file.read()) for _, file in form.multi_items() if hasattr(file, "read")]
    return [("image 1", await request.body())]


def make_app():
    args = argparse.Namespace(**json.loads(os.environ[SETTINGS]))
    torch.set_num_threads(args.threads)
    if args.timm:
        model, transform, classes = timm_network(args.timm)
    else:
        model, transform, classes = torchvision_network(args.model, args.weights, args.classes)
    model.eval()

    @contextlib.asynccontextmanager
    async def lifespan(_app):
        anyio.to_thread.current_default_thread_limiter().total_tokens = args.pool
        print("ready", flush=True)
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/predict")
    def predict(sent: Annotated[list, Depends(pictures)], top_k: int = 5):
        try:
            images = [transform(Image.open(io.BytesIO(data)).convert("RGB")) for _, data in sent]
        except (UnidentifiedImageError, OSError) as error:
            raise HTTPException(400, str(error))
        if not images:
            raise HTTPException(400, "no picture")
        with torch.inference_mode():
            probabilities = torch.softmax(model(torch.stack(images)), 1)
        best = probabilities.topk(min(top_k, len(classes)))
        return {"predictions": [
            {"path": name, "top": [{"index": i, "class": classes[i], "probability": p} for p, i in zip(values, indices)]}
            for (name, _), values, indices in zip(sent, best.values.tolist(), best.indices.tolist())]}

    return app


def versions():
    from importlib.metadata import version
    return {**common.versions(), **{name: version(name) for name in ("fastapi", "uvicorn", "python-multipart")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timm", metavar="FOLDER", help="network, weights and transform for timm")
    parser.add_argument("--model", default="resnet18", choices=common.NETWORKS, help="without --timm: torchvision's network")
    parser.add_argument("--weights", help="its state dict")
    parser.add_argument("--classes", nargs="+", help="their names, in order")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="torch.set_num_threads")
    parser.add_argument("--workers", type=int, default=1, help="uvicorn's processes")
    parser.add_argument("--pool", type=int, default=40, help="threads that call the endpoint, in each process [FastAPI's 40]")
    parser.add_argument("--versions", action="store_true")
    args = parser.parse_args()
    if args.versions:
        return common.say(**versions())
    if not args.timm and not (args.weights and args.classes):
        parser.error("--timm, or --weights and --classes, are missing")
    os.environ[SETTINGS] = json.dumps(vars(args))
    uvicorn.run("serve:make_app", factory=True, host="127.0.0.1", port=args.port, workers=args.workers,
                access_log=False, log_level="warning", app_dir=os.path.dirname(os.path.abspath(__file__)),
                timeout_worker_healthcheck=120)  # by default, a process that imports torch for 5 seconds is replaced


if __name__ == "__main__":
    main()
