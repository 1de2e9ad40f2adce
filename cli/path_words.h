// What a command line says where one argument was taken for another, or stands in the place of another.
#pragma once

#include <string>

namespace graft::cli {

// Words for who left DATA out: where `value`, which the option `flag` was given, is a folder that may be it.
// Empty where it is not.
std::string taken_as_value(const std::string& flag, const std::string& value);

// Throws Error, before anything is read, where no model can be read from `model`, and says what it is
// instead; of `graft VERB MODEL OTHER` the two may have changed places.
void require_model_before(const std::string& verb, const std::string& model, const std::string& other);

}  // namespace graft::cli
