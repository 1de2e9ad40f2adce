// Errors of a command line, in the terms of the rest of the program and not in those of the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace graft::cli {

// Checks, before the parsing, for arguments that the parser would misread: an empty argument, an unknown verb
// (before --help, which the parser would answer), an option without its value (which the parser takes from
// the next argument, even from an option), a value for a switch, an option before the verb. `arguments`:
// without the program's name. Throws UsageError.
void check_command_line(const CLI::App& app, std::span<const std::string> arguments);

// The message for an error of the parser.
std::string message_of(const CLI::App& app, const CLI::ParseError& error);

// The message if no argument is given.
std::string short_help(const CLI::App& app);

// Advice for a name that is not a verb: the nearest verb, or all.
std::string verb_hint(const CLI::App& app, const std::string& name);

// Throws Error, before anything is read, where no model can be read from `model`, and says what it is
// instead; of `graft VERB MODEL OTHER` the two may have changed places.
void require_model_before(const std::string& verb, const std::string& model, const std::string& other);

}  // namespace graft::cli
