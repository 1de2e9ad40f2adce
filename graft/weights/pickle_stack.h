// The unpickler's memory: the values made, the stack, the marks on it and the memo, each with a limit.
// Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// Throws Error when a pickle takes what it has not put, or goes beyond a limit.
class Stack {
 public:
  // `where` names the pickle in errors and must outlive the object.
  explicit Stack(const std::string& where) : where_(where) {}

  Document& document() { return document_; }

  void push(Value value);
  Index top() const;
  Index pop() { return pop(1)[0]; }
  std::vector<Index> pop(std::size_t count);
  // Once more what is on top.
  void duplicate() { stack_.push_back(top()); }
  // Drops what is on top: a value, or a mark where no value is above it.
  void drop();

  void mark();
  std::vector<Index> pop_to_mark();  // the values above the last mark; the mark goes too

  void remember(std::size_t number);  // what is on top
  void remember_next() { remember(memo_.size()); }
  void recall(std::size_t number);

  // To the list, or into the dict, that is on top. What is appended to an Object is passed over.
  void append(const std::vector<Index>& items);
  void set_items(const std::vector<Index>& items);

 private:
  [[noreturn]] void refuse(const std::string& problem) const;
  void count_items(std::size_t count);
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  const std::string& where_;
  Document document_;
  std::vector<Index> stack_, memo_;
  std::vector<std::size_t> marks_;  // sizes of the stack where containers begin
  std::size_t items_ = 0;           // in all containers together
};

}  // namespace graft::pickle
