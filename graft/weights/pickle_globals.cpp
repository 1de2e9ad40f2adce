#include "graft/weights/pickle_globals.h"

#include <algorithm>
#include <array>

namespace graft::pickle {
namespace {

struct NamedGlobal {
  std::string_view module, name;
  Global::Kind kind;
};

constexpr std::array globals = {
    NamedGlobal{"collections", "OrderedDict", Global::ordered_dict},
    NamedGlobal{"torch._utils", "_rebuild_tensor", Global::rebuild_tensor},
    NamedGlobal{"torch._utils", "_rebuild_tensor_v2", Global::rebuild_tensor_v2},
    NamedGlobal{"torch._utils", "_rebuild_parameter", Global::rebuild_parameter},
    NamedGlobal{"torch", "Size", Global::size},
    NamedGlobal{"torch", "device", Global::device},
    NamedGlobal{"torch.storage", "UntypedStorage", Global::storage},
};

constexpr std::array storage_types = {
    StorageType{"FloatStorage", DType::float32, 4},
    StorageType{"DoubleStorage", DType::float64, 8},
    StorageType{"HalfStorage", DType::float16, 2},
    StorageType{"BFloat16Storage", DType::bfloat16, 2},
    StorageType{"LongStorage", DType::int64, 8},
    StorageType{"IntStorage", DType::int32, 4},
    StorageType{"ShortStorage", DType::int16, 2},
    StorageType{"CharStorage", DType::int8, 1},
    StorageType{"ByteStorage", DType::uint8, 1},
    StorageType{"BoolStorage", DType::boolean, 1},
    // Understood so that a tensor of them outside the state dict is no obstacle.
    StorageType{"UntypedStorage", std::nullopt, 1},
    StorageType{"ComplexFloatStorage", std::nullopt, 8},
    StorageType{"ComplexDoubleStorage", std::nullopt, 16},
};

// torch.float32 and its like: plain values, as in the settings that a checkpoint carries beside its weights.
constexpr std::array dtype_names = {
    std::string_view("float32"), std::string_view("float64"),  std::string_view("float16"),
    std::string_view("float"),   std::string_view("bfloat16"), std::string_view("int64"),
    std::string_view("int32"),   std::string_view("int16"),    std::string_view("int8"),
    std::string_view("uint8"),   std::string_view("bool"),
};

}  // namespace

std::optional<Global> find_global(std::string_view module, std::string_view name) {
  for (const NamedGlobal& global : globals) {
    if (global.module == module && global.name == name) return Global{global.kind, global.name};
  }
  if (module != "torch") return std::nullopt;
  if (const StorageType* type = find_storage_type(name)) return Global{Global::storage, type->name};
  const auto dtype = std::find(dtype_names.begin(), dtype_names.end(), name);
  if (dtype != dtype_names.end()) return Global{Global::dtype, *dtype};
  return std::nullopt;
}

const StorageType* find_storage_type(std::string_view name) {
  const auto found = std::find_if(storage_types.begin(), storage_types.end(),
                                  [&](const StorageType& type) { return type.name == name; });
  return found == storage_types.end() ? nullptr : &*found;
}

}  // namespace graft::pickle
