// The exceptions that the library throws: what is wrong, where, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace graft {

// An operation failed. what() is "where: problem; advice" on one line, safe to print: control characters,
// which a name or a file's text can contain, are escaped (escape.h).
class Error : public std::runtime_error {
 public:
  // `where` is a path, an option or a tensor's name; `advice` may be empty.
  Error(std::string where, std::string problem, std::string advice = "");

  // The parts as passed to the constructor, not escaped.
  const std::string& where() const noexcept { return where_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& advice() const noexcept { return advice_; }

 private:
  std::string where_, problem_, advice_;
};

// A request that is invalid whatever is on the disk (a bad value of an option, an unknown name). The program
// exits with code 2 for it, and with 1 for every other Error.
class UsageError : public Error {
 public:
  using Error::Error;
};

// The machine lacks memory, threads or instructions, or libtorch failed.
class EngineError : public Error {
 public:
  using Error::Error;
};

}  // namespace graft
