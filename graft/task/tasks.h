// The tasks. Internal: make_task() chooses.
#pragma once

#include <memory>

#include "graft/task/task.h"

namespace graft {

std::unique_ptr<const Task> make_single_label();                    // single_label.cpp
std::unique_ptr<const Task> make_multi_label();                     // multi_label.cpp
std::unique_ptr<const Task> make_regression(const TaskSpec& spec);  // regression.cpp

// Task::idle_reason() if the labels are classes.
inline constexpr const char* not_numbers = "acts only on labels that are numbers";

// In Task::labels_words().
inline constexpr std::size_t max_named_classes = 10;

// The first `count` of each row of probabilities (N×classes), most probable first.
std::vector<std::vector<ClassScore>> top_scores(const torch::Tensor& probabilities, std::int64_t count);

}  // namespace graft
