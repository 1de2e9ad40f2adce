#include "graft/weights/pickle_stack.h"

#include <utility>

#include "graft/core/error.h"

namespace graft::pickle {
namespace {

constexpr std::size_t max_items = 4'000'000;
constexpr std::size_t max_marks = 1'000;
constexpr Index no_value = 0xFFFF'FFFF;

std::size_t count_of(const Value& value) {
  if (const List* list = std::get_if<List>(&value)) return list->items.size();
  if (const Dict* dict = std::get_if<Dict>(&value)) return 2 * dict->items.size();
  if (const Tensor* tensor = std::get_if<Tensor>(&value)) return 2 * tensor->shape.size();
  return 0;
}

}  // namespace

void Stack::refuse(const std::string& problem) const {
  throw Error(where_, problem, "load only state dicts: torch.save(model.state_dict(), …)");
}

void Stack::count_items(std::size_t count) {
  items_ += count;
  if (items_ > max_items) refuse("has more than " + std::to_string(max_items) + " values in containers");
}

void Stack::push(Value value) {
  count_items(count_of(value));
  document_.values.push_back(std::move(value));
  stack_.push_back(static_cast<Index>(document_.values.size() - 1));
}

Index Stack::top() const {
  if (stack_.size() == floor()) refuse("takes more values than are on its stack");
  return stack_.back();
}

std::vector<Index> Stack::pop(std::size_t count) {
  if (stack_.size() - floor() < count) refuse("takes more values than are on its stack");
  std::vector<Index> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
  stack_.resize(stack_.size() - count);
  return items;
}

void Stack::drop() {
  if (!marks_.empty() && marks_.back() == stack_.size()) {
    marks_.pop_back();
  } else {
    pop();
  }
}

void Stack::mark() {
  if (marks_.size() == max_marks) refuse("is nested more than " + std::to_string(max_marks) + " deep");
  marks_.push_back(stack_.size());
}

std::vector<Index> Stack::pop_to_mark() {
  if (marks_.empty()) refuse("ends a container that was not begun");
  auto items = pop(stack_.size() - marks_.back());
  marks_.pop_back();
  return items;
}

// Picklers number memo entries consecutively, so a valid number never exceeds the count of values so far.
void Stack::remember(std::size_t number) {
  if (number > document_.values.size()) refuse("stores a value under an impossible memo number");
  if (number >= memo_.size()) memo_.resize(number + 1, no_value);
  memo_[number] = top();
}

void Stack::recall(std::size_t number) {
  if (number >= memo_.size() || memo_[number] == no_value) refuse("gets a memo value that was never stored");
  stack_.push_back(memo_[number]);
}

void Stack::append(const std::vector<Index>& items) {
  if (document_.as<Object>(top()) != nullptr) return;
  auto* list = std::get_if<List>(&document_.values[top()]);
  if (list == nullptr) refuse("appends to something that is not a list");
  count_items(items.size());
  list->items.insert(list->items.end(), items.begin(), items.end());
}

void Stack::set_items(const std::vector<Index>& items) {
  Value& target = document_.values[top()];
  auto* dict = std::get_if<Dict>(&target);
  auto* object = std::get_if<Object>(&target);
  if ((dict == nullptr && object == nullptr) || items.size() % 2 != 0)
    refuse("sets items of something that is not a dict");
  count_items(items.size());
  auto& into = dict != nullptr ? dict->items : object->items;
  for (std::size_t i = 0; i < items.size(); i += 2) into.emplace_back(items[i], items[i + 1]);
}

}  // namespace graft::pickle
