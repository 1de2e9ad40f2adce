// What is wrong with a command line, in the words of the rest of the program: the parser's own are not used.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace graft::cli {

// Checks, before the parsing, what the parser takes otherwise than people mean it: an argument that is empty,
// an option without its value (which the parser takes from the next argument, even from an option), a value
// for a switch, an option that stands before the verb. `arguments`: without the program's name. Throws
// UsageError.
void check_command_line(const CLI::App& app, std::span<const std::string> arguments);

// The message for what the parser refuses.
std::string message_of(const CLI::App& app, const CLI::ParseError& error);

// For who gives no argument at all.
std::string short_help(const CLI::App& app);

// Words for who left DATA out: where `value`, which the option `flag` was given, is a folder that may be it.
// Empty where it is not.
std::string taken_as_value(const std::string& flag, const std::string& value);

// Throws Error, before anything is read, where no model can be read from `model`, and says what it is
// instead; of `graft VERB MODEL OTHER` the two may have changed places.
void require_model_before(const std::string& verb, const std::string& model, const std::string& other);

}  // namespace graft::cli
