// Pickles written opcode by opcode: each function returns opcodes that push one value.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace graft::test {

std::string pickled(const std::string& body);  // PROTO 2, the body, STOP
std::string text(const std::string& value);
std::string integer(std::int64_t value);
std::string tuple(const std::vector<std::string>& items);
std::string integers(const std::vector<std::int64_t>& values);                    // a tuple
std::string dict(const std::vector<std::pair<std::string, std::string>>& items);  // keys without quotes
std::string global(const std::string& module, const std::string& name);
std::string call(const std::string& function, const std::string& arguments);
std::string storage(const std::string& type, const std::string& key, std::int64_t count);
std::string tensor(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& shape,
                   const std::vector<std::int64_t>& stride);

}  // namespace graft::test
