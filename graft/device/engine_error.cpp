#include "graft/device/engine_error.h"

#include <c10/util/Exception.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <new>
#include <string_view>
#include <system_error>

#include "graft/core/text.h"

namespace graft {
namespace {

constexpr const char* memory_advice =
    "use a smaller `batch_size` or fewer `workers`; training also needs less with `cache` off";
constexpr const char* thread_advice =
    "use fewer `threads` and `workers`, or raise the limit on processes (ulimit -u, or the container's)";
constexpr const char* primitive_advice =
    "memory may be short: use a smaller `batch_size` or fewer `workers`; training in bf16 may need "
    "`precision` fp32";

std::string first_line(std::string_view text) {
  constexpr std::size_t most = 300;
  return shorten(text.substr(0, text.find('\n')), most);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// ": 12.8 MB could not be allocated", from "… you tried to allocate 12845056 bytes …" (the CPU's allocator)
// or "… Tried to allocate 2.00 GiB. …" (CUDA's).
std::string size_asked_for(std::string_view text) {
  for (const std::string_view before : {"tried to allocate ", "Tried to allocate "}) {
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) continue;
    text.remove_prefix(at + before.size());
    std::uint64_t bytes = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (problem != std::errc() || !std::string_view(end, text.data() + text.size()).starts_with(" bytes"))
      return ": " + std::string(text.substr(0, text.find(". "))) + " could not be allocated";
    char size[64];
    std::snprintf(size, sizeof size, ": %.1f MB could not be allocated", static_cast<double>(bytes) / 1e6);
    return size;
  }
  return "";
}

[[noreturn]] void out_of_memory(const std::string& where, std::string_view text) {
  throw EngineError(where, "memory ran out" + size_asked_for(text), memory_advice);
}

// oneDNN's exceptions have their own type, which not every libtorch declares in its headers.
bool is_of_one_dnn(std::string_view text) {
  return text.starts_with("could not create a") || text.starts_with("could not execute a") ||
         text.starts_with("could not create primitive") || text.starts_with("could not create post-ops");
}

}  // namespace

void rethrow_engine_error(const std::exception_ptr& thrown, const std::string& where) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error&) {
    throw;
  } catch (const c10::OutOfMemoryError& error) {
    out_of_memory(where, error.what_without_backtrace());
  } catch (const c10::Error& error) {
    const std::string_view text = error.what_without_backtrace();
    if (contains(text, "can't allocate memory") || contains(text, "not enough memory"))
      out_of_memory(where, text);
    throw EngineError(where, "libtorch failed: " + first_line(text));
  } catch (const std::bad_alloc&) {
    out_of_memory(where, "");
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) throw;
    throw EngineError(where, std::string("a thread cannot be started: ") + error.what(), thread_advice);
  } catch (const std::exception& error) {
    if (!is_of_one_dnn(error.what())) throw;
    throw EngineError(where,
                      "this processor or its memory cannot run this step: oneDNN " + first_line(error.what()),
                      primitive_advice);
  }
}

}  // namespace graft
