// The families of models. Each function is at the end of its family's file and returns one line for each
// model; registry.cpp lists the families. Internal.
#pragma once

#include <vector>

#include "graft/models/registry.h"

namespace graft {

std::vector<ModelSpec> alexnet_models();
std::vector<ModelSpec> convnext_models();
std::vector<ModelSpec> densenet_models();
std::vector<ModelSpec> efficientnet_lite_models();
std::vector<ModelSpec> efficientnet_models();
std::vector<ModelSpec> eva_models();
std::vector<ModelSpec> inception_models();
std::vector<ModelSpec> maxvit_models();
std::vector<ModelSpec> mnasnet_models();
std::vector<ModelSpec> mobilenet_v2_models();
std::vector<ModelSpec> mobilenet_v3_models();
std::vector<ModelSpec> regnet_models();
std::vector<ModelSpec> resnet_models();
std::vector<ModelSpec> shufflenet_v2_models();
std::vector<ModelSpec> squeezenet_models();
std::vector<ModelSpec> swin_models();
std::vector<ModelSpec> timm_efficientnet_models();
std::vector<ModelSpec> timm_vit_models();
std::vector<ModelSpec> vgg_models();
std::vector<ModelSpec> vit_models();

}  // namespace graft
