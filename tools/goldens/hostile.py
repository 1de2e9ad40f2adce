"""Makes tests/golden/hostile: malicious weights and archives, and the words of the error for each.

    python tools/goldens/hostile.py

Needs only the standard library, and gives the same bytes on every run. manifest.json: file -> words of the error.
Names ending in .zip are archives of datasets, to be unpacked; all others are weights, to be read.
"""

import json
import pathlib
import shutil
import struct
import zlib

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/hostile"
manifest = {}


def add(name, data, *words):
    assert name not in manifest, name
    (OUT / name).write_bytes(data)
    manifest[name] = words


# ---- zip archives, valid unless a field is overridden
# ---------------------------------------------------------------------


class Record:
    def __init__(self, name, data=b"", **lies):
        self.name, self.data, self.lies = name if isinstance(name, bytes) else name.encode(), data, lies

    def get(self, field, otherwise):
        return self.lies.get(field, otherwise)

    def fields(self, local):
        """The fields of both headers: flags, method, time and date, checksum, sizes."""
        here = (lambda field, value: self.get("local_" + field, self.get(field, value))) if local else self.get
        sizes = here("packed_size", len(self.data)), here("size", len(self.data))
        return struct.pack("<HHIIII", self.get("flags", 0), here("method", 0), 0, here("crc", zlib.crc32(self.data)), *sizes)

    def local(self):
        name, extra = self.get("local_name", self.name), self.get("extra", b"")
        return b"PK\3\4\x14\0" + self.fields(True) + struct.pack("<HH", len(name), len(extra)) + name + extra + self.data

    def central(self, offset):
        extra = self.get("extra", b"")
        lengths = struct.pack("<HHHHH", len(self.name), len(extra), 0, 0, 0)
        place = struct.pack("<II", self.get("mode", 0) << 16, self.get("offset", offset))
        return b"PK\1\2\x14\3\x14\0" + self.fields(False) + lengths + place + self.name + extra


def archive(*records, before=b"", after=b"", disk=0, count=None, directory_offset=None, directory_size=None, count64=None):
    body, directory = b"", b""
    for record in records:
        directory += record.central(len(body))
        body += record.local()
    count = len(records) if count is None else count
    offset = len(body) if directory_offset is None else directory_offset
    size = len(directory) if directory_size is None else directory_size
    end64 = b""
    if count64 is not None:
        end64 = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count64, count64, len(directory), len(body))
        end64 += b"PK\6\7" + struct.pack("<IQI", 0, len(body) + len(directory), 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", disk, disk, count, count, size, offset, 0)
    return before + body + directory + end64 + end + after


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# ---- pickles, opcode by opcode --------------------------------------------------------------------------------------------


def pickled(body, protocol=2):
    return b"\x80" + bytes([protocol]) + body + b"."


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return b"X" + struct.pack("<I", len(value)) + value


def integer(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def tuple_of(*items):
    return b"(" + b"".join(items) + b"t"


def integers(*values):
    return tuple_of(*map(integer, values))


def dict_of(**items):
    return b"}(" + b"".join(text(key) + value for key, value in items.items()) + b"u"


def name_of(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def call(function, *arguments):
    return function + tuple_of(*arguments) + b"R"


ORDERED = name_of("collections", "OrderedDict")


def storage(count=4, kind="FloatStorage", key="0"):
    return tuple_of(text("storage"), name_of("torch", kind), text(key), text("cpu"), integer(count)) + b"Q"


def tensor(offset=0, shape=(4,), stride=(1,), memory=None):
    return call(name_of("torch._utils", "_rebuild_tensor_v2"), memory or storage(), integer(offset), integers(*shape),
                integers(*stride), b"\x89", ORDERED + b")R")


FLOATS = struct.pack("<4f", 0, 1, 2, 3)


def pth(pickle, *more, **ends):
    return archive(Record("x/data.pkl", pickle), Record("x/data/0", FLOATS), *more, **ends)


def one(**description):
    return pth(pickled(dict_of(w=tensor(**description))))


def legacy(pickle, keys=b"](" + text("0") + b"e", count=4, data=FLOATS):
    start = pickled(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickled(b"M\xe9\x03") + pickled(dict_of(little_endian=b"\x88"))
    return start + pickle + pickled(keys) + struct.pack("<q", count) + data


GOOD = pickled(dict_of(w=tensor()))


def names():
    """Functions and classes whose results would be the state dict."""
    for file, module, name, *arguments in (
        ("os_system", "posix", "system", text("true")), ("os_system_of_windows", "nt", "system", text("true")),
        ("os", "os", "system", text("true")), ("eval", "builtins", "eval", text("1")), ("exec", "builtins", "exec", text("1")),
        ("eval_of_python2", "__builtin__", "eval", text("1")), ("getattr", "builtins", "getattr", ORDERED, text("__init__")),
        ("pickle_loads", "_pickle", "loads", b"C\1."), ("run_code", "runpy", "_run_code", text("1"), b"}"),
        ("torch_load", "torch", "load", text("/etc/passwd")), ("load_from_bytes", "torch.storage", "_load_from_bytes", b"C\1."),
        ("dotted_name", "torch", "FloatStorage.__reduce__"), ("operator", "operator", "attrgetter", text("x")),
        ("import_module", "importlib", "import_module", text("os")),
    ):
        add(f"calls_{file}.pth", pth(pickled(call(name_of(module, name), *arguments))), f'refers to "{module}.{name}"', "not executed")
    add("calls_popen_by_stack.pth", pth(pickled(b"\x8c\x0asubprocess\x8c\x05Popen\x93", 4)), 'refers to "subprocess.Popen"')
    add("calls_os_system_legacy.pth", legacy(pickled(call(name_of("posix", "system"), text("true")))), 'refers to "posix.system"')
    add("calls_at_once.pth", b"cposix\nsystem\n(S'true'\ntR.", "posix.system")
    add("is_the_only_entry.pth", pth(pickled(dict_of(w=call(name_of("posix", "system"), text("true"))))), "holds no state dict", "posix.system")
    add("calls_a_dict.pth", pth(pickled(call(b"}"))), "calls something that is not a function")
    add("calls_a_storage_class.pth", pth(pickled(call(name_of("torch", "FloatStorage"), integer(1 << 40)))), "not a function of a state dict")
    add("calls_a_text.pth", pth(pickled(call(text("eval"), text("1")))), "calls something that is not a function")
    add("builds_with_state.pth", pth(pickled(b"}" + dict_of(__class__=text("x")) + b"b")), "holds an empty dict")
    add("builds_a_tensor.pth", pth(pickled(tensor() + dict_of(data=integer(1)) + b"b")), "sets attributes of a plain value")
    add("inst.pth", pth(pickled(b"(ios\nsystem\n")), "makes an object", "opcode 105")
    add("obj.pth", pth(pickled(b"(" + ORDERED + b"o")), "makes an object", "opcode 111")
    add("newobj.pth", pth(pickled(name_of("torch.nn.modules.container", "Sequential") + b")\x81}b")), 'refers to "torch.nn.modules.container.Sequential"', "not executed")
    add("newobj_of_an_allowed_name.pth", pth(pickled(ORDERED + b")\x81")), 'refers to "collections.OrderedDict"', "holds no state dict")
    add("newobj_ex.pth", pth(pickled(ORDERED + b")}\x92", 4)), 'refers to "collections.OrderedDict"', "holds no state dict")
    itself = dict_of(_parameters=b"}", _buffers=b"}", _modules=dict_of(m=b"h\0"))
    add("module_in_itself.pth", pth(pickled(name_of("torch.nn", "Module") + b")\x81q\0" + itself + b"b")), "too many modules")
    doubled = name_of("torch.nn", "Module") + b")\x81" + dict_of(_parameters=dict_of(w=tensor()), _buffers=b"}", _modules=b"}") + b"bq\0"
    for level in range(1, 50):
        inner = dict_of(a=b"h" + bytes([level - 1]), b=b"h" + bytes([level - 1]))
        doubled += name_of("torch.nn", "Module") + b")\x81" + dict_of(_parameters=b"}", _buffers=b"}", _modules=inner) + b"bq" + bytes([level])
    add("modules_doubled.pth", pth(pickled(doubled)), "too many modules")
    for size, code in ((1, b"\x82\1"), (2, b"\x83\1\0"), (4, b"\x84\1\0\0\0")):
        add(f"ext{size}.pth", pth(pickled(code)), "refers to an extension")
    add("persistent_module.pth", pth(pickled(tuple_of(text("module"), text("os")) + b"Q")), "not a storage")


def bombs():
    """Small files that would become large, deep or endless."""
    doubled = b"]q\0"
    for level in range(1, 200):
        doubled += b"](h" + bytes([level - 1]) + b"h" + bytes([level - 1]) + b"eq" + bytes([level])
    add("laughs.pth", pth(pickled(doubled)), "holds a list")
    add("memo_number.pth", pth(pickled(b"K\1r\xff\xff\xff\xff")), "impossible memo number")
    add("memo_empty.pth", pth(pickled(b"h\5")), "never stored")
    pairs = b"](" + b"NN\x86" * 1000 + b"eq\1"
    add("copies.pth", pth(pickled(pairs + (ORDERED + b"h\1\x85R0") * 2000)), "values in containers")
    sizes = integers(*[1] * 64)
    wide = name_of("torch._utils", "_rebuild_tensor") + b"q\1" + tuple_of(storage(), integer(0), sizes, sizes) + b"q\2R0"
    add("shapes.pth", pth(pickled(wide + b"h\1h\2R0" * 40000)), "values in containers")
    add("marks.pth", pth(pickled(b"(" * 100_000)), "nested more than")
    add("lists.pth", pth(pickled(b"]" * 100_000 + b"a" * 99_999)), "holds a list")
    add("text_of_2_gb.pth", pth(b"\x80\2X\xff\xff\xff\x7fa."), "cut short")
    add("text_of_2_to_63.pth", pth(b"\x80\4\x8d" + struct.pack("<Q", 1 << 63) + b"a."), "cut short")
    add("frame_past_end.pth", pth(b"\x80\4\x95" + struct.pack("<Q", 1 << 62) + b"N."), "cut short")
    add("expanded_to_2_gb.pth", one(shape=(1 << 29,), stride=(0,)), "out of proportion")
    many = {str(i): tensor(shape=(1 << 18,), stride=(0,)) for i in range(100)}
    add("expanded_again_and_again.pth", pth(pickled(dict_of(**many))), "out of proportion")


def tensors():
    """Shapes, strides and offsets that would read outside the storage."""
    most = (1 << 63) - 1
    for file, description, words in (
        ("negative_stride", {"shape": (2,), "stride": (-1,)}, "negative or absent size or stride"),
        ("negative_size", {"shape": (-2,)}, "negative or absent size or stride"),
        ("negative_offset", {"offset": -1, "shape": (2,)}, "begins before its storage"),
        ("offset_past_storage", {"offset": 1}, "past the end of its storage"),
        ("offset_of_2_to_63", {"offset": most, "shape": (1,)}, "past the end of its storage"),
        ("stride_past_storage", {"shape": (2, 2), "stride": (3, 1)}, "past the end of its storage"),
        ("stride_of_2_to_63", {"shape": (3,), "stride": (most,)}, "past the end of its storage"),
        ("sizes_beyond_2_to_63", {"shape": (1 << 40, 1 << 40), "stride": (0, 0)}, "more than 2^63 - 1 bytes"),
        ("more_sizes_than_strides", {"shape": (2, 2)}, "more sizes than strides"),
        ("dimensions", {"shape": (1,) * 65, "stride": (1,) * 65}, "proper shape"),
        ("numel_above_record", {"memory": storage(1000)}, "needs a storage of 1000 elements"),
        ("numel_below_record", {"memory": storage(2), "shape": (2,)}, "needs a storage of 2 elements"),
        ("numel_negative", {"memory": storage(-4)}, "describes a storage incorrectly"),
        ("numel_of_2_to_63", {"memory": storage(most), "shape": (1,)}, "needs a storage of"),
        ("record_missing", {"memory": storage(key="7")}, 'lacks the record "data/7"'),
        ("record_elsewhere", {"memory": storage(key="../../data/0")}, "lacks the record"),
        ("unknown_memory", {"memory": storage(kind="EvilStorage")}, "torch.EvilStorage"),
    ):
        add(f"{file}.pth", one(**description), words)
    add("name_twice.pth", pth(pickled(b"}(" + (text("w") + tensor()) * 2 + b"u")), "occurs twice")
    add("name_not_utf8.pth", pth(pickled(b"}(" + text(b"\xff") + tensor() + b"u")), "not a string")
    add("legacy_count.pth", legacy(GOOD, count=3), "3 elements instead of 4")
    add("legacy_count_of_2_to_63.pth", legacy(pickled(dict_of(w=tensor(memory=storage(most)))), count=most), "cut short")
    add("legacy_key_twice.pth", legacy(GOOD, b"](" + text("0") * 2 + b"e", data=FLOATS + struct.pack("<q", 4) + FLOATS), "same storage twice")


def archives():
    """Zip archives that different readers interpret differently."""
    add("data_twice.pth", pth(GOOD, Record("x/data.pkl", GOOD)), "two entries named")
    add("data_in_two_folders.pth", pth(GOOD, Record("y/data.pkl", GOOD)), "two data.pkl")
    inner = Record("x/data/1", b"xy").local()
    overlap = Record("x/data/0", inner)
    start = len(Record("x/data.pkl", GOOD).local()) + 30 + len("x/data/0")
    add("overlap.pth", archive(Record("x/data.pkl", GOOD), overlap, Record("x/data/1", b"xy", offset=start)), "entries that overlap")
    for field, value in (("name", b"x/data/9"), ("size", 5), ("crc", 5), ("method", 8), ("packed_size", 5)):
        record = Record("x/data/0", FLOATS, **{"local_" + field: value})
        add(f"local_{field}.pth", archive(Record("x/data.pkl", GOOD), record), "contradicts")
    for name in ("../x/data/1", "x/../../data/1", "../data.pkl"):
        file = "up_" + name.replace("../", "up_").replace("/", "_")
        add(f"{file}.pth", archive(Record("x/data.pkl", GOOD), Record(name, b"")), "is outside the")
    add("checksum.pth", pth(GOOD.replace(b"cpu", b"gpu")).replace(b"gpu", b"cpu"), "checksum")
    zeros = Record("x/data/0", deflated(bytes(1 << 20))[:1000].ljust(70_000, b"\0"), method=8, size=70_000_000)
    add("unpacks_to_70_mb.pth", archive(Record("x/data.pkl", GOOD), zeros), "out of proportion")
    huge = Record("x/data/0", bytes(2000), method=8, size=2_000_000_000)
    add("2_gb_in_2_kb.pth", archive(Record("x/data.pkl", GOOD), huge), "declares 2000000000 bytes")
    add("2_gb_stored.pth", archive(Record("x/data.pkl", GOOD), Record("x/data/0", FLOATS, size=2_000_000_000)), "cannot hold")
    wide = Record("x/data/0", FLOATS, size=0xFFFFFFFF, packed_size=0xFFFFFFFF, extra=struct.pack("<HHQQ", 1, 16, 1 << 63, 1 << 63))
    add("zip64_size.pth", archive(Record("x/data.pkl", GOOD), wide), "cut short")
    add("zip64_count.pth", pth(GOOD, count=0xFFFF, count64=1 << 60), "declares more entries")
    add("encrypted.pth", archive(Record("x/data.pkl", GOOD, flags=1)), "encrypted")
    add("method_12.pth", archive(Record("x/data.pkl", GOOD, method=12)), "packed by method 12")
    add("disks.pth", pth(GOOD, disk=1), "split archive")
    add("bytes_before.pth", b"PK\3\4" + pth(GOOD), "not at its stated offset")
    add("bytes_after.pth", pth(GOOD, after=b"x"), "not a zip archive")
    add("directory_past_end.pth", pth(GOOD, directory_offset=1 << 30), "not at its stated offset")
    add("more_entries.pth", pth(GOOD, count=9), "declares more entries")
    add("program.pth", pth(GOOD, Record("x/constants.pkl", b"N.")), "TorchScript")

    for file, record, words in (
        ("up", Record("../x", b"1"), "is outside the folder"), ("up_inside", Record("a/../../x", b"1"), "is outside the folder"),
        ("absolute", Record("/etc/x", b"1"), "absolute path"), ("backslash", Record("..\\x", b"1"), "backslash"),
        ("drive", Record("C:x", b"1"), "names a drive"), ("link", Record("x", b"/etc/passwd", mode=0o120777), "symbolic link"),
        ("device", Record("x", b"", mode=0o060666), "neither a file nor a folder"), ("dot", Record("./x", b"1"), 'a "."'),
        ("nul", Record(b"x\0y", b"1"), "proper name"), ("long_name", Record("x" * 2000, b"1"), "name above 1024"),
    ):
        add(f"{file}.zip", archive(record), words)
    add("file_and_folder.zip", archive(Record("a", b"1"), Record("a/b", b"1")), "a file and a folder at once")
    zeros = bytes(1 << 20)
    packed = deflated(zeros)
    add("more_than_it_says.zip", archive(Record("x", packed, method=8, size=1000, crc=zlib.crc32(zeros))), "holds more bytes than it declares")
    many = [Record(f"{i}", packed, method=8, size=1 << 29, crc=0) for i in range(20)]
    add("bomb.zip", archive(*many), "cannot hold")


# ---- safetensors ----------------------------------------------------------------------------------------------------------


def safetensors(header, data=bytes(4), length=None):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def described(dtype="F32", shape="[1]", offsets="[0,4]"):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


def safe():
    def named(name, *descriptions, data=bytes(4), words):
        header = ",".join(f'"{chr(97 + i)}":{each}' for i, each in enumerate(descriptions))
        add(f"{name}.safetensors", safetensors("{" + header + "}", data), *words)

    a = described()
    named("overlap", a, described(offsets="[2,6]"), data=bytes(6), words=["overlaps another"])
    named("same_bytes", a, a, words=["overlaps another"])
    named("gap", a, described(offsets="[8,12]"), data=bytes(12), words=["begins after a gap"])
    named("bytes_of_nobody", a, data=bytes(9), words=["belong to no tensor"])
    named("past_end", described(shape="[2]", offsets="[0,8]"), words=["past the end"])
    named("2_gb_in_2_kb", described("U8", "[2000000000]", "[0,2000000000]"), data=bytes(2000), words=["past the end"])
    named("reversed", described(offsets="[4,0]"), words=["does not match its shape"])
    named("offset_of_2_to_63", described(offsets="[9223372036854775808,9223372036854775812]"), words=["not a whole number"])
    named("size_of_2_to_64", described(shape="[18446744073709551616]"), words=["not a whole number"])
    named("sizes_that_wrap", described("U8", "[4294967297,4294967296,4294967296]"), words=["does not match its shape"])
    named("negative_size", described(shape="[-1]"), words=["not a whole number"])
    named("half_size", described(shape="[1.0]"), words=["not a whole number"])
    named("number_beyond_all", described(shape="[1e999]"), words=["not JSON"])
    named("dimensions", described(shape="[" + ",".join(["1"] * 65) + "]"), words=["more than 64 sizes"])
    named("unknown_type", described("X99"), words=['has the type "X99"'])
    named("more_fields", a[:-1] + ',"code":"x"}', words=["not described by"])
    for name, text_of_header in (
        ("name_twice", f'{{"a":{a},"a":{a}}}'), ("field_twice", '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}'),
        ("note_twice", '{"__metadata__":{"k":"1","k":"2"}}'),
    ):
        add(f"{name}.safetensors", safetensors(text_of_header), "twice")
    add("note_of_numbers.safetensors", safetensors('{"__metadata__":{"k":1}}'), "not a string")
    add("not_utf8.safetensors", safetensors(b'{"\xff":' + a.encode() + b"}"), "not JSON")
    add("surrogate.safetensors", safetensors('{"\\ud800":' + a + "}"), "not JSON")
    add("two_headers.safetensors", safetensors("{}{}"), "not JSON")
    add("deep_lists.safetensors", safetensors('{"a":' + "[" * 100_000), "nested too deep")
    add("deep_objects.safetensors", safetensors('{"a":' * 100_000), "nested too deep")
    for name, length in (("2_to_63", 1 << 63), ("2_to_64", (1 << 64) - 1), ("100_mb", 100_000_001)):
        add(f"header_of_{name}.safetensors", safetensors("{}", length=length), "")
    add("header_past_end.safetensors", safetensors("{}", length=1000), "cut short")


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for make in (names, bombs, tensors, archives, safe):
        make()
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(words)}" for name, words in manifest.items())
    (OUT / "manifest.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
