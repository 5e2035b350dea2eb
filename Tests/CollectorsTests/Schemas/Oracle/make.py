"""Writes random schemas, random messages encoded by fastavro and python-protobuf, and the JSON that the messages represent.

    python3 -m venv v && v/bin/pip install fastavro protobuf grpcio-tools
    v/bin/python make.py --schemas 50 --messages 200 --seed 1 DIRECTORY
    SAGATOP_ORACLE=DIRECTORY swift test --filter SchemaOracleTests

Without SAGATOP_ORACLE the test reads the small files in this folder: `make.py --schemas 10 --messages 4 --seed 7 .`
"""
import argparse
import base64
import datetime
import decimal
import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import uuid

import fastavro

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
TEXTS = ["", "order", "p\u00e4yment \u26f5 \U0001f6a2", 'a "quoted" \\ one', "line\nfeed\ttab\x01", "\u007f", "x" * 300]


class Avro:
    """Random schemas and values."""

    def __init__(self, chance):
        self.chance = chance
        self.names = 0
        self.records = []

    def name(self, kind):
        self.names += 1
        return f"{kind}{self.names}"

    def schema(self, depth=0):
        simple = [
            "null", "boolean", "int", "long", "float", "double", "bytes", "string",
            {"type": "int", "logicalType": "date"}, {"type": "int", "logicalType": "time-millis"},
            {"type": "long", "logicalType": "time-micros"}, {"type": "long", "logicalType": "timestamp-millis"},
            {"type": "long", "logicalType": "timestamp-micros"}, {"type": "long", "logicalType": "timestamp-nanos"},
            {"type": "long", "logicalType": "local-timestamp-millis"},
            {"type": "long", "logicalType": "local-timestamp-micros"},
            {"type": "string", "logicalType": "uuid"},
            {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": self.chance.randint(0, 8)},
            {"type": "string", "logicalType": "of-nobody"},
        ]
        if depth > 3 or self.chance.random() < 0.55:
            return self.chance.choice(simple)
        kind = self.chance.choice(["record", "record", "array", "map", "union", "enum", "fixed", "decimal", "again"])
        if kind == "record":
            return self.record(depth)
        if kind == "array":
            return {"type": "array", "items": self.schema(depth + 1)}
        if kind == "map":
            return {"type": "map", "values": self.schema(depth + 1)}
        if kind == "union":
            return self.union(depth)
        if kind == "enum":
            return {"type": "enum", "name": self.name("Enum"), "symbols": ["FIRST", "SECOND", "THIRD"]}
        if kind == "fixed":
            return {"type": "fixed", "name": self.name("Fixed"), "size": self.chance.randint(0, 40)}
        if kind == "decimal":
            return {"type": "fixed", "name": self.name("Money"), "size": 12, "logicalType": "decimal", "precision": 20,
                    "scale": self.chance.randint(0, 6)}
        return self.chance.choice(self.records) if self.records else "long"

    def record(self, depth):
        name = self.name("Record")
        namespace = self.chance.choice([None, "com.shop", "com.shop.order"])
        fields = [{"name": f"field{n}", "type": self.schema(depth + 1)} for n in range(self.chance.randint(1, 6))]
        # A recursive record.
        full = f"{namespace}.{name}" if namespace else name
        if self.chance.random() < 0.4:
            fields.append({"name": "next", "type": ["null", full if namespace else name]})
        schema = {"type": "record", "name": name, "fields": fields}
        schema["namespace"] = namespace or ""
        return schema

    def union(self, depth):
        branches = ["null", self.chance.choice(["string", "long", "double"])]
        if self.chance.random() < 0.7:
            branches += [self.record(depth + 1)]
        if self.chance.random() < 0.5:
            branches += [self.record(depth + 1)]
        self.chance.shuffle(branches)
        return branches

    def top(self):
        return self.record(0) if self.chance.random() < 0.85 else self.schema(0)


def kind_of(schema):
    return schema["type"] if isinstance(schema, dict) else "union" if isinstance(schema, list) else schema


def instant(chance, digits):
    # Python's datetime supports the years 1 to 9999; nanoseconds in 64 bits end in 2262.
    first, last = (-9 * 10**9, 9 * 10**9) if digits == 9 else (-6 * 10**10, 2 * 10**11)
    return chance.randint(first, last) * 10**digits + chance.randint(0, 10**digits - 1)


class AvroValue:
    """A random value of a schema: the input of fastavro, and the JSON that it represents."""

    def __init__(self, chance, named):
        self.chance = chance
        self.named = named

    def make(self, schema, depth=0, tag=False):
        chance = self.chance
        if isinstance(schema, str) and schema in self.named:
            schema = self.named[schema]
        kind = kind_of(schema)
        logical = schema.get("logicalType") if isinstance(schema, dict) else None
        if kind == "null":
            return None, None
        if kind == "boolean":
            value = chance.random() < 0.5
            return value, value
        if logical == "date":
            value = chance.randint(-700_000, 2_900_000)
            return value, (EPOCH + datetime.timedelta(days=value)).strftime("%Y-%m-%d").rjust(10, "0")
        if logical == "time-millis":
            value = chance.randint(0, 86_399_999)
            return value, str((EPOCH + datetime.timedelta(milliseconds=value)).strftime("%H:%M:%S.%f")[:-3])
        if logical == "time-micros":
            value = chance.randint(0, 86_399_999_999)
            return value, (EPOCH + datetime.timedelta(microseconds=value)).strftime("%H:%M:%S.%f")
        for unit, digits in (("millis", 3), ("micros", 6), ("nanos", 9)):
            if logical in (f"timestamp-{unit}", f"local-timestamp-{unit}"):
                value = instant(chance, digits)
                seconds, fraction = divmod(value, 10**digits)
                text = (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
                return value, f"{text}.{fraction:0{digits}d}" + ("" if logical.startswith("local") else "Z")
        if logical == "decimal":
            scale = schema["scale"]
            digits = chance.randint(-(10**chance.randint(1, 18)), 10**chance.randint(1, 18))
            value = decimal.Decimal(digits).scaleb(-scale, decimal.Context(prec=60))
            return value, {"number": format(value, "f")}
        if logical == "uuid":
            value = str(uuid.UUID(int=chance.getrandbits(128)))
            return value, value
        if kind == "int":
            value = chance.choice([0, -1, 2**31 - 1, -(2**31), chance.randint(-1000, 1000)])
            return value, {"number": str(value)}
        if kind == "long":
            value = chance.choice([0, -1, 2**63 - 1, -(2**63), chance.randint(-(10**15), 10**15)])
            return value, {"number": str(value)}
        if kind in ("float", "double"):
            value = chance.choice([0.0, -1.5, 1e300, 1e-300, chance.uniform(-1e6, 1e6), float("inf"), float("nan")])
            if kind == "float":
                value = struct.unpack("<f", struct.pack("<f", value if abs(value) < 1e30 or value != value or value == float("inf") else 2.5))[0]
            if value != value:
                return value, "NaN"
            if value == float("inf"):
                return value, "Infinity"
            return value, {"real" if kind == "double" else "single": repr(value)}
        if kind == "string":
            value = chance.choice(TEXTS)
            return value, value
        if kind == "bytes":
            value = chance.randbytes(chance.randint(0, 30))
            return value, base64.b64encode(value).decode()
        if kind == "fixed":
            value = chance.randbytes(schema["size"])
            return value, base64.b64encode(value).decode()
        if kind == "enum":
            value = chance.choice(schema["symbols"])
            return value, value
        count = 0 if depth > 5 else chance.randint(0, 3)
        if kind == "array":
            pairs = [self.make(schema["items"], depth + 1) for _ in range(count)]
            return [p[0] for p in pairs], [p[1] for p in pairs]
        if kind == "map":
            pairs = {f"key {n}": self.make(schema["values"], depth + 1) for n in range(count)}
            return {k: p[0] for k, p in pairs.items()}, {"object": {k: p[1] for k, p in pairs.items()}}
        if kind == "union":
            branches = [b for b in schema if depth < 6 or kind_of(b) == "null"] or schema
            chosen = chance.choice(branches)
            records = [b for b in schema if kind_of(self.named.get(b, b) if isinstance(b, str) else b) == "record"]
            value, expected = self.make(chosen, depth + 1, tag=len(records) > 1 and depth > 0)
            full = self.named.get(chosen, chosen) if isinstance(chosen, str) else chosen
            if kind_of(full) == "record":
                return (self.full(full), value), expected
            return value, expected
        pairs = {f["name"]: self.make(f["type"], depth + 1) for f in schema["fields"]}
        expected = {k: p[1] for k, p in pairs.items()}
        if tag:
            expected = {"@type": self.full(schema), **expected}
        return {k: p[0] for k, p in pairs.items()}, {"object": expected}

    @staticmethod
    def full(schema):
        return f"{schema['namespace']}.{schema['name']}" if schema.get("namespace") else schema["name"]


def names(schema, found):
    if isinstance(schema, list):
        for branch in schema:
            names(branch, found)
    elif isinstance(schema, dict):
        if schema["type"] == "record":
            found[AvroValue.full(schema)] = schema
            for field in schema["fields"]:
                names(field["type"], found)
        for inner in ("items", "values"):
            if inner in schema:
                names(schema[inner], found)
    return found


def raw(schema):
    """Removes logical types that fastavro converts, so that numbers are written unchanged."""
    if isinstance(schema, list):
        return [raw(b) for b in schema]
    if isinstance(schema, dict):
        kept = {k: v for k, v in schema.items() if k != "logicalType" or v in ("decimal",)}
        for inner in ("items", "values"):
            if inner in kept:
                kept[inner] = raw(kept[inner])
        if "fields" in kept:
            kept["fields"] = [dict(f, type=raw(f["type"])) for f in kept["fields"]]
        return kept
    return schema


def avro_line(chance, messages):
    while True:
        schema = Avro(chance).top()
        try:
            parsed = fastavro.parse_schema(raw(schema))
            value = AvroValue(chance, names(schema, {}))
            cases = []
            for _ in range(messages):
                given, expected = value.make(schema)
                out = io.BytesIO()
                fastavro.schemaless_writer(out, parsed, given)
                cases.append({"hex": out.getvalue().hex(), "json": expected})
            return {"schema": json.dumps(schema), "cases": cases}
        except (fastavro.schema.SchemaParseException, RecursionError):
            continue


class Proto:
    """The source of a random Protobuf file."""

    SCALARS = ["double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
               "sfixed64", "bool", "string", "bytes"]
    KNOWN = ["google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.Int64Value",
             "google.protobuf.StringValue", "google.protobuf.BoolValue", "google.protobuf.Struct", "google.protobuf.FieldMask"]

    def __init__(self, chance, number):
        self.chance = chance
        self.package = f"shop.m{number}"
        self.syntax = chance.choice(["proto3", "proto3", "proto2"])

    def source(self):
        imports = "".join(f'import "google/protobuf/{f}.proto";\n' for f in
                          ("timestamp", "duration", "wrappers", "struct", "field_mask"))
        bodies = "".join(self.message(f"Message{n}", 0, n) for n in range(3))
        values = " ".join(f"{n} = {i};" for i, n in enumerate(["NONE", "SOME", "MANY"]))
        return f'syntax = "{self.syntax}";\npackage {self.package};\n{imports}enum Color {{ {values} }}\n{bodies}'

    def message(self, name, depth, order):
        lines, chance = [], self.chance
        for number in range(1, chance.randint(2, 9)):
            kind = chance.choice(self.SCALARS + ["Color", "Color", "known", "message", "nested"])
            if kind == "known":
                kind = chance.choice(self.KNOWN)
            if kind == "message":
                kind = f"Message{chance.randint(0, 2)}"
            if kind == "nested":
                if depth > 1:
                    continue
                kind = f"Inner{number}"
                lines.append(self.message(kind, depth + 1, order))
            form = chance.choice(["", "", "optional ", "repeated ", "map", "oneof"])
            field = chance.choice([f"field_{number}", f"someField{number}"])
            if form == "map":
                key = chance.choice(["string", "int32", "int64", "bool"])
                lines.append(f"map<{key}, {kind}> {field} = {number};\n")
            elif form == "oneof":
                lines.append(f"oneof choice{number} {{ {kind} {field} = {number}; string other_{number} = {number + 50}; }}\n")
            else:
                if self.syntax == "proto2" and form == "":
                    form = "optional "
                lines.append(f"{form}{kind} {field} = {number};\n")
        return f"message {name} {{\n{''.join(lines)}}}\n"


def protobuf_pool(source, number):
    from google.protobuf import descriptor_pb2, descriptor_pool
    from google.protobuf import duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, f"m{number}.proto"), "w") as file:
            file.write(source)
        import grpc_tools
        include = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
        subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{directory}", f"-I{include}",
                        f"--descriptor_set_out={directory}/out", f"m{number}.proto"], check=True)
        with open(f"{directory}/out", "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for known in (duration_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2):
        pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
    for file in files.file:
        pool.Add(file)
    return pool


def scalar(chance, field):
    types = type(field)
    if field.type == types.TYPE_ENUM:
        return chance.choice([0, 1, 2])
    if field.type == types.TYPE_STRING:
        return chance.choice(TEXTS)
    if field.type == types.TYPE_BYTES:
        return chance.randbytes(chance.randint(0, 20))
    if field.type == types.TYPE_BOOL:
        return chance.random() < 0.5
    if field.type in (types.TYPE_DOUBLE, types.TYPE_FLOAT):
        return chance.choice([0.0, -1.5, 2.25, 1e10, float("inf"), float("nan"), float(chance.randint(-999, 999)) / 8])
    if field.type in (types.TYPE_UINT32, types.TYPE_FIXED32):
        return chance.choice([0, 1, 2**32 - 1, chance.randint(0, 9999)])
    if field.type in (types.TYPE_UINT64, types.TYPE_FIXED64):
        return chance.choice([0, 1, 2**64 - 1, chance.randint(0, 10**15)])
    if field.type in (types.TYPE_INT64, types.TYPE_SINT64, types.TYPE_SFIXED64):
        return chance.choice([0, -1, 2**63 - 1, -(2**63), chance.randint(-(10**15), 10**15)])
    return chance.choice([0, -1, 2**31 - 1, -(2**31), chance.randint(-9999, 9999)])


def repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED


def fill(chance, message, depth=0):
    full = message.DESCRIPTOR.full_name
    if full == "google.protobuf.Timestamp":
        message.seconds, message.nanos = chance.randint(-62_135_596_800, 253_402_300_799), chance.choice([0, 5 * 10**8, 1000, 7])
        return
    if full == "google.protobuf.Duration":
        sign = chance.choice([1, -1])
        message.seconds, message.nanos = sign * chance.randint(0, 10**6), sign * chance.choice([0, 5 * 10**8, 1000, 7])
        return
    if full == "google.protobuf.Struct":
        message.update({"a": 1.5, "b": [True, None, "x"], "c": {"d": {}}} if chance.random() < 0.7 else {})
        return
    if full == "google.protobuf.FieldMask":
        message.paths.extend(["a", "b.c"][:chance.randint(0, 2)])
        return
    for field in message.DESCRIPTOR.fields:
        if chance.random() < 0.3 or depth > 4:
            continue
        is_message = field.type == field.TYPE_MESSAGE
        if is_message and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
            target = getattr(message, field.name)
            for _ in range(chance.randint(0, 3)):
                if value.type == value.TYPE_MESSAGE:
                    fill(chance, target[scalar(chance, key)], depth + 1)
                else:
                    target[scalar(chance, key)] = scalar(chance, value)
        elif repeated(field):
            target = getattr(message, field.name)
            for _ in range(chance.randint(0, 3)):
                if is_message:
                    fill(chance, target.add(), depth + 1)
                else:
                    target.append(scalar(chance, field))
        elif is_message:
            getattr(message, field.name).SetInParent()
            fill(chance, getattr(message, field.name), depth + 1)
        else:
            setattr(message, field.name, scalar(chance, field))


def expected_value(field, value):
    """The result of `json_format` for one value, but with numbers as numbers."""
    types = type(field)
    if field.type == types.TYPE_MESSAGE:
        return expected(field.message_type, value)
    if field.type in (types.TYPE_DOUBLE, types.TYPE_FLOAT):
        return value if isinstance(value, str) else {"single" if field.type == types.TYPE_FLOAT else "real": repr(value)}
    if field.type in (types.TYPE_STRING, types.TYPE_BYTES, types.TYPE_BOOL, types.TYPE_ENUM):
        return value
    return {"number": str(value)}


def untyped(value):
    if isinstance(value, dict):
        return {"object": {k: untyped(v) for k, v in value.items()}}
    if isinstance(value, list):
        return [untyped(v) for v in value]
    return {"real": repr(value)} if isinstance(value, float) else value


def expected(descriptor, value):
    if descriptor.full_name == "google.protobuf.Struct":
        return untyped(value)
    if descriptor.full_name.startswith("google.protobuf."):
        if descriptor.full_name == "google.protobuf.Int64Value":
            return {"number": str(value)}
        return value
    result = {}
    for field in descriptor.fields:
        given = value.get(field.json_name)
        if field.type == field.TYPE_MESSAGE and field.message_type.GetOptions().map_entry:
            if given:
                inner = field.message_type.fields_by_name["value"]
                result[field.json_name] = {"object": {k: expected_value(inner, v) for k, v in given.items()}}
        elif repeated(field):
            if given:
                result[field.json_name] = [expected_value(field, v) for v in given]
        elif given is not None:
            result[field.json_name] = expected_value(field, given)
        elif not field.has_presence and field.type in (field.TYPE_BOOL, field.TYPE_ENUM):
            # These fields are also in the JSON if they have the default value, which is not encoded.
            result[field.json_name] = False if field.type == field.TYPE_BOOL else field.enum_type.values[0].name
    return {"object": result}


def protobuf_line(chance, number, messages):
    from google.protobuf import json_format, message_factory
    source = Proto(chance, number).source()
    pool = protobuf_pool(source, number)
    file = pool.FindFileByName(f"m{number}.proto")
    ordered = [file.message_types_by_name[f"Message{n}"] for n in range(3)]
    cases = []
    for _ in range(messages):
        index = chance.randrange(len(ordered))
        message = message_factory.GetMessageClass(ordered[index])()
        fill(chance, message)
        value = json_format.MessageToDict(message, descriptor_pool=pool)
        cases.append({"index": index, "hex": message.SerializePartialToString().hex(), "json": expected(ordered[index], value)})
    return {"schema": source, "cases": cases}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--schemas", type=int, default=50)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("directory")
    words = parser.parse_args()
    chance = random.Random(words.seed)
    with open(os.path.join(words.directory, "avro.jsonl"), "w") as file:
        for _ in range(words.schemas):
            file.write(json.dumps(avro_line(chance, words.messages), ensure_ascii=True) + "\n")
    with open(os.path.join(words.directory, "protobuf.jsonl"), "w") as file:
        for number in range(words.schemas):
            file.write(json.dumps(protobuf_line(chance, number, words.messages), ensure_ascii=True) + "\n")


main()
