#pragma once

// The parts of libtorch that graft uses: tensors, their operators, modules, optimisers. <torch/torch.h> adds
// data loaders, serialisation and every other module, and takes 1.2 seconds more to compile in each source
// that includes it. A program that uses other modules includes <torch/torch.h> itself.
#include <torch/nn/functional/loss.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>
