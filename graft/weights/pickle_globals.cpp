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
    NamedGlobal{"torch._utils", "_rebuild_parameter_with_state", Global::rebuild_parameter},
    NamedGlobal{"torch._tensor", "_rebuild_from_type_v2", Global::rebuild_from_type},
    NamedGlobal{"torch", "Size", Global::size},
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
    // Types without a DType have a size, so that a file with such a tensor can be read if nothing needs it.
    StorageType{"UntypedStorage", std::nullopt, 1},
    StorageType{"ComplexFloatStorage", std::nullopt, 8},
    StorageType{"ComplexDoubleStorage", std::nullopt, 16},
    StorageType{"QInt8Storage", std::nullopt, 1},
    StorageType{"QUInt8Storage", std::nullopt, 1},
    StorageType{"QInt32Storage", std::nullopt, 4},
    StorageType{"QUInt4x2Storage", std::nullopt, 1},
    StorageType{"QUInt2x4Storage", std::nullopt, 1},
};

}  // namespace

Global find_global(std::string_view module, std::string_view name) {
  for (const NamedGlobal& global : globals) {
    if (global.module == module && global.name == name) return {global.kind, module, name};
  }
  const bool storage = module == "torch" && find_storage_type(name) != nullptr;
  return {storage ? Global::storage : Global::other, module, name};
}

const StorageType* find_storage_type(std::string_view name) {
  const auto found = std::find_if(storage_types.begin(), storage_types.end(),
                                  [&](const StorageType& type) { return type.name == name; });
  return found == storage_types.end() ? nullptr : &*found;
}

}  // namespace graft::pickle
