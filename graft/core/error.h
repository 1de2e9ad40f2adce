// The one family of exceptions that the library throws: what is wrong, where, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace graft {

// An operation that could not be done. what() reads "where: problem; advice", on one line and fit to print:
// control characters, which a name or a text out of a file can bring, are shown as escape.h says.
class Error : public std::runtime_error {
 public:
  // `where` is a path, an option or a tensor's name; `advice` may be empty.
  Error(std::string where, std::string problem, std::string advice = "");

  // As they were given.
  const std::string& where() const noexcept { return where_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& advice() const noexcept { return advice_; }

 private:
  std::string where_, problem_, advice_;
};

// A request that makes no sense whatever the disk holds (a bad value of an option, an unknown name).
// The command line turns it into exit code 2, every other Error into 1.
class UsageError : public Error {
 public:
  using Error::Error;
};

// Memory, threads or instructions of the machine are missing, or libtorch failed.
class EngineError : public Error {
 public:
  using Error::Error;
};

}  // namespace graft
