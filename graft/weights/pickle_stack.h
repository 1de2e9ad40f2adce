// The unpickler's state: the values, the stack, its marks and the memo, each with a limit. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// Throws Error if a pickle pops from an empty stack or exceeds a limit.
class Stack {
 public:
  // `where` names the pickle in messages and must outlive the object.
  explicit Stack(const std::string& where) : where_(where) {}

  Document& document() { return document_; }

  void push(Value value);
  Index top() const;
  Index pop() { return pop(1)[0]; }
  std::vector<Index> pop(std::size_t count);
  // Pushes the top value again.
  void duplicate() { stack_.push_back(top()); }
  // Removes the top: a value, or a mark if no value is above it.
  void drop();

  void mark();
  std::vector<Index> pop_to_mark();  // the values above the last mark; removes the mark too

  void remember(std::size_t number);  // stores the top in the memo
  void remember_next() { remember(memo_.size()); }
  void recall(std::size_t number);

  // Appends to the list, or sets items of the dict, on top. Ignores items appended to an Object.
  void append(const std::vector<Index>& items);
  void set_items(const std::vector<Index>& items);

 private:
  [[noreturn]] void refuse(const std::string& problem) const;
  void count_items(std::size_t count);
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  const std::string& where_;
  Document document_;
  std::vector<Index> stack_, memo_;
  std::vector<std::size_t> marks_;  // sizes of the stack at the beginnings of containers
  std::size_t items_ = 0;           // in all containers together
};

}  // namespace graft::pickle
