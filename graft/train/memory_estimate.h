// How much memory a training run needs, before it begins. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graft/models/model_file.h"
#include "graft/train/recipe.h"

namespace graft {

// Bytes on the network's device at the peak of a training step, without libtorch's own memory.
struct TrainingMemory {
  std::uint64_t fixed = 0;        // parameters, gradients, the optimiser's state, copies of the weights
  std::uint64_t per_picture = 0;  // of a step: the values that the backward pass needs
  std::uint64_t loaded = 0;       // of a picture of a step: those of the batches that are loaded ahead
  // A batch norm has one value of a picture per channel: in training it needs two pictures.
  bool needs_two_pictures = false;
  std::uint64_t total(int batch_size) const {
    return fixed + (per_picture + loaded) * static_cast<std::uint64_t>(batch_size);
  }
};

// From one forward pass of one picture in eval mode, which changes neither the network nor the generator.
// pictures: of an epoch.
TrainingMemory estimate_training_memory(const Model& model, const Recipe& recipe, Precision precision,
                                        std::size_t pictures);

// Of a step: the option's, or all pictures of an epoch.
int pictures_of_step(const Recipe& recipe, std::size_t pictures);

// Throws UsageError if the epochs end with a batch of one picture, on which such a network cannot be trained.
void check_last_batch(const TrainingMemory& memory, const Recipe& recipe, std::size_t pictures);

// "2.1 GiB for a batch of 32"
std::string memory_words(const TrainingMemory& memory, int batch_size);

// A warning, if the device has less memory. `free`: its free bytes; empty if they are unknown.
std::vector<std::string> memory_warnings(const TrainingMemory& memory, int batch_size,
                                         std::optional<std::uint64_t> free);

}  // namespace graft
