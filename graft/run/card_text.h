// Parts of a model card in Markdown. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "graft/run/config.h"

namespace graft {

// Four decimal places.
std::string card_number(double value);

// Text in a cell; escapes characters that would end the cell or begin a tag.
std::string card_cell(const std::string& text);
// A row of a table of two columns; empty if there is no value.
std::string card_row(const std::string& name, const std::string& value);

// For labels that are classes: "3 classes of pictures"; and the first cells of a class's row: its number,
// name and counts.
std::string classes_subject(const RunConfig& config);
// `held_out`: the count of a cross-validation, in place of the validation pictures.
std::string class_row(const RunConfig& config, std::size_t i, const std::string& name,
                      std::optional<std::int64_t> held_out = {});

}  // namespace graft
