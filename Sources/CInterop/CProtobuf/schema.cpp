#include "schema.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace pb = google::protobuf;
using sagatop::Plan;
using sagatop::Special;

namespace {

/// The library's parser recurses once per level.
constexpr int kDeepestSource = 60;
/// The library's message factory recurses once per nested type.
constexpr size_t kMostMessages = 2000;

/// Stores only the first error.
struct Complaints : pb::io::ErrorCollector, pb::DescriptorPool::ErrorCollector {
  std::string first;

  void AddError(int line, pb::io::ColumnNumber column, const std::string &text) override {
    if (first.empty()) first = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": " + text;
  }
  void AddError(
      const std::string &file, const std::string &element, const pb::Message *, ErrorLocation,
      const std::string &text) override {
    if (first.empty()) first = file + ": " + element + ": " + text;
  }
};

/// Files that are part of Confluent's serializers and not stored in registries.
const std::map<std::string, const char *> &bundled() {
  static const std::map<std::string, const char *> files = {
      {"confluent/meta.proto",
       "syntax = \"proto3\"; package confluent; import \"google/protobuf/descriptor.proto\";"
       "message Meta { string doc = 1; map<string, string> params = 2; repeated string tags = 3; }"
       "extend google.protobuf.FileOptions { Meta file_meta = 1088; }"
       "extend google.protobuf.MessageOptions { Meta message_meta = 1088; }"
       "extend google.protobuf.FieldOptions { Meta field_meta = 1088; }"
       "extend google.protobuf.EnumOptions { Meta enum_meta = 1088; }"
       "extend google.protobuf.EnumValueOptions { Meta enum_value_meta = 1088; }"},
      {"confluent/type/decimal.proto",
       "syntax = \"proto3\"; package confluent.type;"
       "message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }"},
      {"google/type/date.proto",
       "syntax = \"proto3\"; package google.type; message Date { int32 year = 1; int32 month = 2; int32 day = 3; }"},
      {"google/type/timeofday.proto",
       "syntax = \"proto3\"; package google.type;"
       "message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }"},
      {"google/type/money.proto",
       "syntax = \"proto3\"; package google.type;"
       "message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }"},
      {"google/type/decimal.proto",
       "syntax = \"proto3\"; package google.type; message Decimal { string value = 1; }"},
      {"google/type/latlng.proto",
       "syntax = \"proto3\"; package google.type; message LatLng { double latitude = 1; double longitude = 2; }"},
  };
  return files;
}

/// Returns false if the library does not contain a generated file of that name.
bool generated(const std::string &name, pb::FileDescriptorProto *file) {
  // The types are listed so that the linker includes their registration.
  for (const auto *known :
       {pb::Timestamp::descriptor(), pb::Duration::descriptor(), pb::Any::descriptor(), pb::Empty::descriptor(),
        pb::FieldMask::descriptor(), pb::Struct::descriptor(), pb::Int64Value::descriptor(),
        pb::FileDescriptorProto::descriptor()})
    if (known->file()->name() == name) {
      known->file()->CopyTo(file);
      return true;
    }
  return false;
}

bool isTooDeep(const char *text, size_t length) {
  int depth = 0;
  for (size_t place = 0; place < length; place++) {
    if (std::strchr("{[<(", text[place]) != nullptr && text[place] != 0) depth++;
    if (std::strchr("}]>)", text[place]) != nullptr && text[place] != 0) depth--;
    if (depth > kDeepestSource) return true;
  }
  return false;
}

/// Adds a file and its imports to the schema's pool.
struct Builder {
  sg_proto_schema &schema;
  std::map<std::string, pb::FileDescriptorProto> files;
  std::set<std::string> open;
  std::string reason;

  explicit Builder(sg_proto_schema &schema) : schema(schema) {}

  bool parse(const std::string &name, const char *text, size_t length, pb::FileDescriptorProto *file) {
    if (isTooDeep(text, length)) return fail(name, "it is nested too deeply");
    if (length > (1 << 24)) return fail(name, "it is longer than 16 MiB");
    Complaints complaints;
    pb::io::ArrayInputStream stream(text, static_cast<int>(length));
    pb::io::Tokenizer tokens(&stream, &complaints);
    pb::compiler::Parser parser;
    parser.RecordErrorsTo(&complaints);
    bool isGood = parser.Parse(&tokens, file);
    file->set_name(name);
    return isGood && complaints.first.empty() ? true : fail(name, complaints.first);
  }

  bool load(const sg_proto_file &given, pb::FileDescriptorProto *file) {
    if (given.isCompiled == 0) return parse(given.name, given.text, given.length, file);
    if (given.length > (1 << 24) || !file->ParseFromArray(given.text, static_cast<int>(given.length)))
      return fail(given.name, "it is not a FileDescriptorProto");
    file->set_name(given.name);
    return true;
  }

  bool fail(const std::string &name, const std::string &text) {
    if (reason.empty()) reason = name + ": " + text;
    return false;
  }

  bool find(const std::string &name, pb::FileDescriptorProto *file) {
    auto known = files.find(name);
    if (known != files.end()) {
      *file = known->second;
      return true;
    }
    if (generated(name, file)) return true;
    auto text = bundled().find(name);
    if (text == bundled().end()) return fail(name, "it is imported, but no reference contains it");
    return parse(name, text->second, std::strlen(text->second), file);
  }

  const pb::FileDescriptor *build(const std::string &name) {
    if (auto *known = schema.pool.FindFileByName(name)) return known;
    if (open.size() > 200 || !open.insert(name).second) {
      fail(name, "files import each other");
      return nullptr;
    }
    pb::FileDescriptorProto file;
    if (!find(name, &file)) return nullptr;
    for (const auto &import : file.dependency())
      if (build(import) == nullptr) return nullptr;
    Complaints complaints;
    auto *built = schema.pool.BuildFileCollectingErrors(file, &complaints);
    if (built == nullptr) fail(name, complaints.first);
    open.erase(name);
    return built;
  }
};

Special special(const std::string &name) {
  static const std::map<std::string, Special> names = {
      {"google.protobuf.Timestamp", Special::timestamp},  {"google.protobuf.Duration", Special::duration},
      {"google.protobuf.DoubleValue", Special::wrapper},  {"google.protobuf.FloatValue", Special::wrapper},
      {"google.protobuf.Int64Value", Special::wrapper},   {"google.protobuf.UInt64Value", Special::wrapper},
      {"google.protobuf.Int32Value", Special::wrapper},   {"google.protobuf.UInt32Value", Special::wrapper},
      {"google.protobuf.BoolValue", Special::wrapper},    {"google.protobuf.StringValue", Special::wrapper},
      {"google.protobuf.BytesValue", Special::wrapper},   {"google.protobuf.Struct", Special::object},
      {"google.protobuf.Value", Special::value},          {"google.protobuf.ListValue", Special::list},
      {"google.protobuf.Any", Special::any},              {"google.protobuf.FieldMask", Special::mask},
  };
  auto found = names.find(name);
  return found == names.end() ? Special::none : found->second;
}

/// A well-known type that a schema defines with other fields is treated as an ordinary message.
bool isAsKnown(const Plan &plan) {
  auto is = [&](size_t place, const char *name, pb::FieldDescriptor::CppType type) {
    return plan.fields.size() > place && plan.fields[place].field->name() == name &&
           plan.fields[place].field->cpp_type() == type;
  };
  switch (plan.special) {
    case Special::timestamp:
    case Special::duration:
      return is(0, "seconds", pb::FieldDescriptor::CPPTYPE_INT64) && is(1, "nanos", pb::FieldDescriptor::CPPTYPE_INT32);
    case Special::any:
      return is(0, "type_url", pb::FieldDescriptor::CPPTYPE_STRING) && is(1, "value", pb::FieldDescriptor::CPPTYPE_STRING);
    case Special::wrapper: return plan.fields.size() == 1 && !plan.fields[0].field->is_repeated();
    case Special::mask: return plan.fields.size() == 1 && is(0, "paths", pb::FieldDescriptor::CPPTYPE_STRING) &&
                               plan.fields[0].field->is_repeated();
    case Special::object: return plan.fields.size() == 1 && plan.fields[0].field->is_map();
    case Special::list: return plan.fields.size() == 1 && plan.fields[0].field->is_repeated();
    case Special::value: return plan.type->oneof_decl_count() == 1;
    case Special::none: return true;
  }
  return false;
}

/// Identifiers contain only letters, digits and underscores, but a `json_name` may contain any character.
std::string quoted(const std::string &name) {
  std::string text = "\"";
  for (char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return text + "\":";
}

void planAll(sg_proto_schema &schema, const pb::Descriptor *type) {
  if (schema.plans.size() > kMostMessages) return;
  schema.plan(type);
  for (int place = 0; place < type->nested_type_count(); place++) planAll(schema, type->nested_type(place));
}

/// Includes the imported files, because an `Any` may contain their messages.
void planFile(sg_proto_schema &schema, const pb::FileDescriptor *file, std::set<const pb::FileDescriptor *> &done) {
  if (!done.insert(file).second) return;
  // Messages do not contain descriptors.
  if (file->name() == "google/protobuf/descriptor.proto") return;
  for (int place = 0; place < file->message_type_count(); place++) planAll(schema, file->message_type(place));
  for (int place = 0; place < file->dependency_count(); place++) planFile(schema, file->dependency(place), done);
}

sg_proto_schema *refuse(const std::string &reason, char *error, size_t room) {
  if (room > 0) {
    size_t length = std::min(room - 1, reason.size());
    std::memcpy(error, reason.data(), length);
    error[length] = 0;
  }
  return nullptr;
}

void silence() {
  // The library logs to standard error, which may be the screen.
  static const bool isDone = (pb::SetLogHandler(nullptr), true);
  (void)isDone;
}

sg_proto_schema *finish(std::unique_ptr<sg_proto_schema> schema, const char *message, char *error, size_t room) {
  if (message != nullptr) {
    schema->chosen = schema->pool.FindMessageTypeByName(message);
    if (schema->chosen == nullptr) return refuse(std::string("it does not contain the message ") + message, error, room);
    schema->file = schema->chosen->file();
  } else if (schema->file->message_type_count() == 0) {
    return refuse("it defines no message", error, room);
  } else {
    schema->chosen = schema->file->message_type(0);
  }
  std::set<const pb::FileDescriptor *> done;
  planFile(*schema, schema->file, done);
  if (schema->plans.size() > kMostMessages)
    return refuse("it has more than " + std::to_string(kMostMessages) + " message types", error, room);
  schema->fill();
  return schema.release();
}

}  // namespace

const Plan *sg_proto_schema::plan(const pb::Descriptor *type) {
  auto &known = plans[type];
  if (known != nullptr) return known.get();
  known = std::make_unique<Plan>();
  known->type = type;
  known->special = special(type->full_name());
  byName[type->full_name()] = known.get();
  unfilled.push_back(known.get());
  return known.get();
}

void sg_proto_schema::fill() {
  while (!unfilled.empty()) {
    Plan *plan = unfilled.back();
    unfilled.pop_back();
    plan->prototype = factory.GetPrototype(plan->type);
    for (int place = 0; place < plan->type->field_count(); place++) {
      const auto *field = plan->type->field(place);
      bool isMessage = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
      plan->fields.push_back({field, quoted(field->json_name()), isMessage ? this->plan(field->message_type()) : nullptr});
    }
    if (!isAsKnown(*plan)) plan->special = Special::none;
  }
}

sg_proto_schema *sg_proto_parse(
    const sg_proto_file *files, size_t count, const char *message, char *error, size_t room) try {
  silence();
  auto schema = std::make_unique<sg_proto_schema>();
  Builder builder(*schema);
  for (size_t place = 0; place < count; place++) {
    pb::FileDescriptorProto file;
    if (!builder.load(files[place], &file))
      return refuse(builder.reason, error, room);
    builder.files[files[place].name] = file;
  }
  if (count > 0) schema->file = builder.build(files[0].name);
  if (schema->file == nullptr) return refuse(builder.reason, error, room);
  return finish(std::move(schema), message, error, room);
} catch (const std::exception &exception) {
  return refuse(exception.what(), error, room);
} catch (...) {
  return refuse("it cannot be compiled", error, room);
}

sg_proto_schema *sg_proto_load(
    const void *descriptors, size_t length, const char *message, char *error, size_t room) try {
  silence();
  auto schema = std::make_unique<sg_proto_schema>();
  pb::FileDescriptorSet set;
  if (length > (1 << 26) || !set.ParseFromArray(descriptors, static_cast<int>(length)) || set.file_size() == 0)
    return refuse("it is not a FileDescriptorSet as written by `protoc --include_imports --descriptor_set_out`", error, room);
  Builder builder(*schema);
  for (const auto &file : set.file()) builder.files[file.name()] = file;
  for (const auto &file : set.file())
    if ((schema->file = builder.build(file.name())) == nullptr) return refuse(builder.reason, error, room);
  return finish(std::move(schema), message, error, room);
} catch (const std::exception &exception) {
  return refuse(exception.what(), error, room);
} catch (...) {
  return refuse("it cannot be used", error, room);
}

void sg_proto_schema_free(sg_proto_schema *schema) { delete schema; }

size_t sg_proto_schema_size(const sg_proto_schema *schema) {
  size_t size = 4096;
  for (const auto &entry : schema->plans) size += 1024 + 256 * entry.second->fields.size();
  return size;
}
