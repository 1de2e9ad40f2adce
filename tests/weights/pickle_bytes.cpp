#include "tests/weights/pickle_bytes.h"

#include "tests/weights/zip_bytes.h"

namespace graft::test {

std::string pickled(const std::string& body) { return "\x80\x02" + body + "."; }

std::string text(const std::string& value) {
  std::string out = "X";
  put(out, value.size(), 4);
  return out + value;
}

std::string integer(std::int64_t value) {
  std::string out = "\x8a\x08";
  put(out, static_cast<std::uint64_t>(value), 8);
  return out;
}

std::string tuple(const std::vector<std::string>& items) {
  std::string out = "(";
  for (const std::string& item : items) out += item;
  return out + "t";
}

std::string integers(const std::vector<std::int64_t>& values) {
  std::vector<std::string> items;
  for (const std::int64_t value : values) items.push_back(integer(value));
  return tuple(items);
}

std::string dict(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string out = "}(";
  for (const auto& [key, value] : items) out += text(key) + value;
  return out + "u";
}

std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}

std::string call(const std::string& function, const std::string& arguments) {
  return function + arguments + "R";
}

std::string storage(const std::string& type, const std::string& key, std::int64_t count) {
  return tuple({text("storage"), global("torch", type), text(key), text("cpu"), integer(count)}) + "Q";
}

std::string tensor(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& shape,
                   const std::vector<std::int64_t>& stride) {
  const std::string hooks = call(global("collections", "OrderedDict"), ")");
  return call(global("torch._utils", "_rebuild_tensor_v2"),
              tuple({storage, integer(offset), integers(shape), integers(stride), "\x89", hooks}));
}

}  // namespace graft::test
