#!/usr/bin/env python3
"""Writes graft/models/timm_weights.cpp: timm's pretrained weights of graft's families, from timm's own configurations.

    python tools/zoo/timm_weights.py [--check | --models]

--check writes nothing and fails if the file differs from what timm's configurations give. --models prints the registry
lines of the families, for the end of their files.
"""
import functools
import math
import pathlib
import re
import sys

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import timm
from timm.models import beit, deit, eva, vision_transformer

PATH = pathlib.Path(__file__).resolve().parents[2] / "graft/models/timm_weights.cpp"
NORMALISATIONS = {((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)): "imagenet",
                  ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)): "half",
                  ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)): "clip",
                  ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)): "zero_one",
                  ((0.43, 0.411, 0.296), (0.213, 0.156, 0.143)): "satellite"}
LICENCES = {"apache-2.0": "Apache-2.0", "bsd-3-clause": "BSD-3-Clause", "mit": "MIT", "cc-by-nc-4.0": "CC-BY-NC-4.0", "apple-ascl": "Apple-ASCL",
            "apple-amlr": "Apple-AMLR", "seer-license": "SEER", "dinov3-license": "DINOv3",
            "fair-noncommercial-research-license": "FAIR-Noncommercial-Research",
            None: "licence not stated"}
LARGEST = 700  # million parameters
# torchvision's models → their names in timm, where they compute the same (tools/goldens/models.py checks it). timm's
# EfficientNet B5 to B7 and V2 and its MobileNetV3 have another epsilon.
TIMM = {"mobilenet_v2": "mobilenetv2_100", "mnasnet0_5": "mnasnet_050", "mnasnet0_75": "mnasnet_075",
        "mnasnet1_0": "mnasnet_100", **{f"efficientnet_b{i}": f"efficientnet_b{i}" for i in range(5)},
        "regnet_x_400mf": "regnetx_004_tv", "regnet_x_800mf": "regnetx_008", "regnet_x_1_6gf": "regnetx_016",
        "regnet_x_3_2gf": "regnetx_032", "regnet_x_8gf": "regnetx_080", "regnet_x_16gf": "regnetx_160",
        "regnet_x_32gf": "regnetx_320", "regnet_y_400mf": "regnety_004", "regnet_y_800mf": "regnety_008_tv",
        "regnet_y_1_6gf": "regnety_016", "regnet_y_3_2gf": "regnety_032", "regnet_y_8gf": "regnety_080_tv",
        "regnet_y_16gf": "regnety_160", "regnet_y_32gf": "regnety_320", "regnet_y_128gf": "regnety_1280",
        "swin_t": "swin_tiny_patch4_window7_224", "swin_s": "swin_small_patch4_window7_224",
        "swin_b": "swin_base_patch4_window7_224", "swin_v2_t": "swinv2_tiny_window8_256",
        "swin_v2_s": "swinv2_small_window8_256", "swin_v2_b": "swinv2_base_window8_256",
        **{name: name for name in ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d",
                                   "resnext101_32x8d", "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
                                   "densenet121", "densenet161", "densenet169", "densenet201",
                                   "convnext_tiny", "convnext_small", "convnext_base", "convnext_large",
                                   "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn",
                                   "inception_v3")}}
# Of timm.models.efficientnet and timm.models.mobilenetv3.
MOBILE = re.compile(r"efficientnet_(b5|e[sml])|efficientnetv2_rw_[tsm]|tf_efficientnet_(b\d|l2|e[sml])|tf_efficientnetv2_\w+|"
                    r"(tf_)?mobilenetv3_\w+|mobilenetv4_(conv_small(_050)?|(conv|hybrid)_(medium|large))")
# Group norm and blurred convolutions are other networks, pruned weights have other shapes; RegNet Y-256GF is larger
# than LARGEST.
NO_RESIDUAL = re.compile(r"test_.*|resnetblur.*|.*_(gn|pruned)|regnet[vz].*|regnety_2560")
# The EfficientNet-Lites, of graft/models/efficientnet_lite.cpp.
LITE = [*(f"tf_efficientnet_lite{i}" for i in range(5)), "efficientnet_lite0"]
OTHER_KINDS = ("siglip_gap", "tipsv2", "test_", "radio", "eva_", "flexi", "intern")

HEAD = """\
// Written by tools/zoo/timm_weights.py from the configurations of timm {version}: do not edit.
// clang-format off
#include "graft/models/pretrained.h"

namespace graft {{

// model, tag, resize, crop, fit, interpolation, normalisation, licence, classes, note
const std::vector<TimmWeights>& timm_weights() {{
  using enum Fit;
  using enum Interpolation;
  using enum Normalisation;
  static const std::vector<TimmWeights> rows = {{
"""
TAIL = """\
  };
  return rows;
}

}  // namespace graft
"""


def arguments():
    """The constructor's arguments of every model of the two files that share timm's VisionTransformer."""
    found = {}

    def note(variant, pretrained=False, distilled=False, **kwargs):
        if not distilled:
            found[variant] = kwargs

    vision_transformer._create_vision_transformer = deit._create_deit = note
    for name in timm.list_models(module="vision_transformer") + timm.list_models(module="deit"):
        timm.models._registry._model_entrypoints[name]()
    return found


def tags(name):
    """timm's default first."""
    config = timm.models._registry._model_default_cfgs[name]
    return [tag for tag in config.tags if (config.cfgs[tag].hf_hub_id or "").startswith("timm/")
            and not config.cfgs[tag].hf_hub_filename]


def is_supported(name, kwargs):
    norm, mlp = kwargs.get("norm_layer"), kwargs.get("mlp_layer")
    return (not any(kind in name for kind in OTHER_KINDS) and tags(name)
            and not any(kwargs.get(key) for key in ("embed_norm_layer", "scale_attn_norm", "qk_norm", "attn_layer",
                                                    "block_fn", "pool_include_prefix"))
            and kwargs.get("proj_bias", True) and kwargs.get("final_norm", True)
            and (norm is None or isinstance(norm, functools.partial) and norm.func is timm.layers.LayerNorm)
            and (mlp is None or isinstance(mlp, functools.partial)))


def vit_models():
    return {name: kwargs for name, kwargs in arguments().items() if is_supported(name, kwargs)
            and 12 * kwargs.get("embed_dim", 768) ** 2 * kwargs.get("depth", 12) < LARGEST * 1e6}


def mobile_models():
    names = timm.list_models(module="efficientnet") + timm.list_models(module="mobilenetv3")
    return [name for name in names if MOBILE.fullmatch(name) and tags(name)]


def residual_models():
    """The ResNets and RegNets that torchvision does not have."""
    names = timm.list_models(module="resnet") + timm.list_models(module="regnet")
    return [name for name in names if not NO_RESIDUAL.fullmatch(name) and name not in TIMM.values() and tags(name)]


def vit_line(name, kwargs):
    """The registry line."""
    config = timm.models._registry._model_default_cfgs[name].default
    width = kwargs.get("embed_dim", 768)
    fields = [f".side = {kwargs.get('img_size', config.input_size[1])}", f".patch = {kwargs.get('patch_size', 16)}",
              f".width = {width}", f".depth = {kwargs.get('depth', 12)}", f".heads = {kwargs.get('num_heads', 12)}"]
    ratio = kwargs.get("mlp_ratio", 4)
    if ratio != 4:
        fields.append(f".hidden = {int(width * ratio)}")
    if not kwargs.get("qkv_bias", True):
        fields.append(".qkv_bias = false")
    pool = kwargs.get("global_pool", "token")
    if pool != "token":
        fields.append(f".pool = VitPool::{pool if pool != 'avg' else 'mean'}")
    if kwargs.get("fc_norm", pool == "avg"):
        fields.append(".norm_after_pool = true")
    if not kwargs.get("class_token", True):
        fields.append(".class_token = false")
    if kwargs.get("reg_tokens"):
        fields.append(f".registers = {kwargs['reg_tokens']}")
    if kwargs.get("no_embed_class"):
        fields.append(".prefix_positions = false")
    if kwargs.get("pre_norm"):
        fields.append(".norm_before = true")
    if kwargs.get("init_values"):
        fields.append(f".layer_scale = {kwargs['init_values']:g}")
    activation = kwargs.get("act_layer")
    if activation in ("gelu_tanh", "quick_gelu"):
        fields.append(f".activation = Activation::{activation}")
    else:
        assert activation is None or kwargs.get("mlp_layer"), (name, activation)
    if kwargs.get("mlp_layer"):
        fields += [".activation = Activation::silu", ".gated = true"]
    norm = kwargs.get("norm_layer")
    if norm:
        fields.append(f".eps = {norm.keywords['eps']:g}")
    return fields


def created(module, family):
    """The constructor's arguments of every model of one of timm's files."""
    found, creator = {}, f"_create_{family}"
    original = getattr(module, creator)
    setattr(module, creator, lambda variant, pretrained=False, **kwargs: found.update({variant: kwargs}))
    for name in timm.list_models(module=family):
        timm.models._registry._model_entrypoints[name]()
    setattr(module, creator, original)
    return found


def eva_models():
    """Those of DINOv3 and EVA-02."""
    found = created(eva, "eva")
    return {name: kwargs for name, kwargs in found.items() if ("dinov3" in name or name.startswith("eva02")) and tags(name)
            and not kwargs.get("use_post_norm") and 12 * kwargs["embed_dim"] ** 2 * kwargs["depth"] < 2 * LARGEST * 1e6}


def eva_line(name, kwargs):
    width, side = kwargs["embed_dim"], timm.models._registry._model_default_cfgs[name].default.input_size[1]
    fields = [f".side = {side}", f".patch = {kwargs['patch_size']}", f".width = {width}", f".depth = {kwargs['depth']}",
              f".heads = {kwargs['num_heads']}"]
    ratio, align = kwargs.get("mlp_ratio", 4), kwargs.get("swiglu_align_to", 0)
    hidden = int(width * ratio)
    if ratio != 4:
        fields.append(f".hidden = {hidden + (-hidden % align if align else 0)}")
    if kwargs.get("swiglu_mlp"):
        fields.append(f".mlp = EvaMlp::{'gated' if kwargs.get('scale_mlp') or align else 'packed'}")
    if kwargs.get("rope_type") != "dinov3":
        assert kwargs["ref_feat_shape"] == (16, 16)
        fields.append(".places = Places::index")
    if kwargs.get("qkv_bias", True):
        fields.append(".qkv_bias = true")
    if not kwargs.get("qkv_fused", True):
        fields.append(".separate_qkv = true")
    if kwargs.get("scale_mlp"):
        fields.append(".norm_in_mlp = true")
    if kwargs.get("scale_attn_inner"):
        fields.append(".norm_in_attention = true")
    token = kwargs.get("global_pool", "avg") == "token"
    if token:
        fields.append(".token_pool = true")
    if kwargs.get("use_fc_norm", not token):
        fields.append(".norm_after_pool = true")
    if kwargs.get("use_abs_pos_emb", True):
        fields.append(".positions = true")
    fields += [f".registers = {kwargs.get('num_reg_tokens', 0)}", f".layer_scale = {kwargs.get('init_values') or 0:g}",
               f".eps = {kwargs['norm_layer'].keywords['eps'] if 'norm_layer' in kwargs else 1e-6:g}"]
    return fields


def beit_line(name, kwargs):
    return [f".side = {kwargs.get('img_size', 224)}", f".patch = {kwargs['patch_size']}", f".width = {kwargs['embed_dim']}",
            f".depth = {kwargs['depth']}", f".heads = {kwargs['num_heads']}", ".places = Places::biases", ".qkv_bias = true",
            ".norm_after_pool = true", ".registers = 0", f".layer_scale = {kwargs['init_values']:g}", ".eps = 1e-06"]


def own_models(module):
    """Those that torchvision does not have."""
    return [name for name in timm.list_models(module=module)
            if tags(name) and name not in TIMM.values() and not name.startswith("test_")
            and name != "convnext_xxlarge"]


def row(name, tag, quick):
    config = timm.models._registry._model_default_cfgs[name].cfgs[tag]
    # The QuickGELU kinds share the repositories of the others.
    repository = f"timm/{name.replace('_quickgelu', '')}.{tag}"
    assert config.hf_hub_id in ("timm/", repository), (name, tag, config.hf_hub_id)
    _, height, width = config.input_size
    assert height == width and config.crop_mode in ("center", "squash"), (name, tag)
    fit = "squash" if config.crop_mode == "squash" and config.crop_pct == 1 else "crop"
    resize = math.floor(height / config.crop_pct)
    note = ""
    if f"timm/{name}.{tag}" in quick:  # not those of the QuickGELU kinds
        note = (f"these weights were trained with QuickGELU, which {name.replace('_clip_', '_clip_quickgelu_')} computes; "
                "this network computes the exact GELU, as timm's of this name")
    return (f'      {{"{name}", "{tag}", {resize}, {height}, {fit}, {config.interpolation}, '
            f'{NORMALISATIONS[tuple(config.mean), tuple(config.std)]}, "{LICENCES[config.license]}", '
            f'{config.num_classes}, "{note}"}},\n')


def quick_repositories():
    """The repositories that timm also reads with QuickGELU."""
    found = set()
    for name, config in timm.models._registry._model_default_cfgs.items():
        if "quickgelu" in name:
            found.update((each.hf_hub_id or "") for each in config.cfgs.values())
    return found


def main():
    if "--models" in sys.argv:
        for name, kwargs in vit_models().items():
            print(name, *vit_line(name, kwargs), sep="\t")
        for name, kwargs in eva_models().items():
            print(name, *eva_line(name, kwargs), sep="\t")
        for name, kwargs in created(beit, "beit").items():
            print(name, *beit_line(name, kwargs), sep="\t")
        return
    text, quick = HEAD.format(version=timm.__version__), quick_repositories()
    for name in [*vit_models(), *eva_models(), *created(beit, "beit"), *sorted(TIMM.values()), *own_models("convnext"),
                 *own_models("swin_transformer"), *own_models("swin_transformer_v2"),
                 *mobile_models(), *residual_models(), *LITE]:
        text += "".join(row(name, tag, quick) for tag in tags(name))
    text += TAIL
    if "--check" in sys.argv:
        sys.exit(0 if PATH.read_text() == text else f"{PATH} is not what timm's configurations give")
    PATH.write_text(text)


if __name__ == "__main__":
    main()
