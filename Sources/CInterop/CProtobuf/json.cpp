#include "schema.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>
#include <charconv>
#include <cmath>
#include <cstring>

namespace pb = google::protobuf;
using sagatop::FieldPlan;
using sagatop::Plan;
using sagatop::Special;

namespace {

constexpr int kDeepest = 60;
/// A larger buffer is released after use.
constexpr size_t kKept = 1 << 20;

/// The length of the UTF-8 character at `text`, or 0 if it is invalid.
size_t character(const unsigned char *text, size_t left) {
  unsigned char first = text[0];
  size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3
                  : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (length == 0 || length > left) return 0;
  for (size_t place = 1; place < length; place++)
    if ((text[place] & 0xc0) != 0x80) return 0;
  if (first == 0xe0 && text[1] < 0xa0) return 0;
  if (first == 0xed && text[1] >= 0xa0) return 0;
  if (first == 0xf0 && text[1] < 0x90) return 0;
  if (first == 0xf4 && text[1] >= 0x90) return 0;
  return length;
}

/// Converts days since 1 January 1970 to a Gregorian date.
void civil(int64_t days, int64_t &year, unsigned &month, unsigned &day) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  auto dayOfEra = static_cast<unsigned>(days - era * 146097);
  unsigned yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  unsigned dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  unsigned shifted = (5 * dayOfYear + 2) / 153;
  day = dayOfYear - (153 * shifted + 2) / 5 + 1;
  month = shifted < 10 ? shifted + 3 : shifted - 9;
  year = yearOfEra + era * 400 + (month <= 2);
}

/// Thrown only within this file.
struct Stop {
  int32_t code;
};

class Writer {
 public:
  Writer(std::string &out, size_t limit, const sg_proto_schema &schema, pb::Arena &arena)
      : out(out), limit(limit), schema(schema), arena(arena) {}

  void message(const pb::Message &value, const Plan &plan, int depth) {
    if (depth > kDeepest) throw Stop{SG_PROTO_DEEP};
    if (out.size() > limit) throw Stop{SG_PROTO_LARGE};
    switch (plan.special) {
      case Special::timestamp: return timestamp(value, plan);
      case Special::duration: return duration(value, plan);
      case Special::wrapper: return single(value, plan.fields[0], depth);
      case Special::object:
      case Special::list: return repeated(value, plan.fields[0], depth);
      case Special::value: return any(value, plan, depth);
      case Special::any: return packed(value, plan, depth);
      case Special::mask: return mask(value, plan);
      case Special::none: return object(value, plan, depth);
    }
  }

 private:
  std::string &out;
  size_t limit;
  const sg_proto_schema &schema;
  pb::Arena &arena;
  std::string scratch;

  /// Unset fields are omitted, except for booleans and enums without presence, which are written with their default value.
  static bool isTold(const pb::Message &value, const pb::Reflection &reflection, const FieldPlan &plan) {
    const auto *field = plan.field;
    if (field->is_repeated()) return reflection.FieldSize(value, field) > 0;
    if (field->has_presence()) return reflection.HasField(value, field);
    auto type = field->cpp_type();
    return type == pb::FieldDescriptor::CPPTYPE_BOOL || type == pb::FieldDescriptor::CPPTYPE_ENUM ||
           reflection.HasField(value, field);
  }

  void object(const pb::Message &value, const Plan &plan, int depth) {
    out += '{';
    members(value, plan, depth, true);
    out += '}';
  }

  void members(const pb::Message &value, const Plan &plan, int depth, bool isFirst) {
    const auto &reflection = *value.GetReflection();
    for (const auto &field : plan.fields) {
      if (!isTold(value, reflection, field)) continue;
      if (!isFirst) out += ',';
      isFirst = false;
      out += field.key;
      if (field.field->is_repeated()) repeated(value, field, depth);
      else single(value, field, depth);
    }
  }

  void repeated(const pb::Message &value, const FieldPlan &plan, int depth) {
    if (plan.field->is_map()) return map(value, plan, depth);
    const auto &reflection = *value.GetReflection();
    int count = reflection.FieldSize(value, plan.field);
    out += '[';
    for (int place = 0; place < count; place++) {
      if (place > 0) out += ',';
      element(value, reflection, plan, place, depth);
      if (out.size() > limit) throw Stop{SG_PROTO_LARGE};
    }
    out += ']';
  }

  void map(const pb::Message &value, const FieldPlan &plan, int depth) {
    const auto &reflection = *value.GetReflection();
    int count = reflection.FieldSize(value, plan.field);
    const auto &key = plan.message->fields[0];
    const auto &content = plan.message->fields[1];
    out += '{';
    for (int place = 0; place < count; place++) {
      const auto &entry = reflection.GetRepeatedMessage(value, plan.field, place);
      if (place > 0) out += ',';
      bool isText = key.field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING;
      if (!isText) out += '"';
      single(entry, key, depth);
      if (!isText) out += '"';
      out += ':';
      single(entry, content, depth);
      if (out.size() > limit) throw Stop{SG_PROTO_LARGE};
    }
    out += '}';
  }

  void single(const pb::Message &value, const FieldPlan &plan, int depth) {
    const auto &reflection = *value.GetReflection();
    const auto *field = plan.field;
    switch (field->cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32: return number(reflection.GetInt32(value, field));
      case pb::FieldDescriptor::CPPTYPE_INT64: return number(reflection.GetInt64(value, field));
      case pb::FieldDescriptor::CPPTYPE_UINT32: return number(reflection.GetUInt32(value, field));
      case pb::FieldDescriptor::CPPTYPE_UINT64: return number(reflection.GetUInt64(value, field));
      case pb::FieldDescriptor::CPPTYPE_DOUBLE: return real(reflection.GetDouble(value, field));
      case pb::FieldDescriptor::CPPTYPE_FLOAT: return real(reflection.GetFloat(value, field));
      case pb::FieldDescriptor::CPPTYPE_BOOL: out += reflection.GetBool(value, field) ? "true" : "false"; return;
      case pb::FieldDescriptor::CPPTYPE_ENUM: return symbol(field, reflection.GetEnumValue(value, field));
      case pb::FieldDescriptor::CPPTYPE_STRING: return text(field, reflection.GetStringReference(value, field, &scratch));
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return message(reflection.GetMessage(value, field), *plan.message, depth + 1);
    }
  }

  void element(
      const pb::Message &value, const pb::Reflection &reflection, const FieldPlan &plan, int place, int depth) {
    const auto *field = plan.field;
    switch (field->cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32: return number(reflection.GetRepeatedInt32(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_INT64: return number(reflection.GetRepeatedInt64(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_UINT32: return number(reflection.GetRepeatedUInt32(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_UINT64: return number(reflection.GetRepeatedUInt64(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_DOUBLE: return real(reflection.GetRepeatedDouble(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_FLOAT: return real(reflection.GetRepeatedFloat(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        out += reflection.GetRepeatedBool(value, field, place) ? "true" : "false";
        return;
      case pb::FieldDescriptor::CPPTYPE_ENUM: return symbol(field, reflection.GetRepeatedEnumValue(value, field, place));
      case pb::FieldDescriptor::CPPTYPE_STRING:
        return text(field, reflection.GetRepeatedStringReference(value, field, place, &scratch));
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return message(reflection.GetRepeatedMessage(value, field, place), *plan.message, depth + 1);
    }
  }

  template <typename Number>
  void number(Number value) {
    char digits[24];
    auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
  }

  template <typename Number>
  void real(Number value) {
    if (std::isnan(value)) out += "\"NaN\"";
    else if (std::isinf(value)) out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    else number(value);
  }

  void symbol(const pb::FieldDescriptor *field, int value) {
    const auto *known = field->enum_type()->FindValueByNumber(value);
    if (known == nullptr) return number(value);
    out += '"';
    out += known->name();
    out += '"';
  }

  void text(const pb::FieldDescriptor *field, const std::string &value) {
    if (field->type() == pb::FieldDescriptor::TYPE_BYTES) base64(value);
    else string(value);
  }

  void string(const std::string &value) {
    if (out.size() + value.size() > limit) throw Stop{SG_PROTO_LARGE};
    const auto *bytes = reinterpret_cast<const unsigned char *>(value.data());
    size_t size = value.size(), begin = 0, place = 0;
    out += '"';
    while (place < size) {
      unsigned char byte = bytes[place];
      if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
        place++;
        continue;
      }
      size_t length = byte < 0x80 ? 0 : character(bytes + place, size - place);
      if (length > 0) {
        place += length;
        continue;
      }
      out.append(value, begin, place - begin);
      escape(byte);
      begin = ++place;
    }
    out.append(value, begin, size - begin);
    out += '"';
  }

  void escape(unsigned char byte) {
    static const char digits[] = "0123456789abcdef";
    if (byte >= 0x80) out += "\xef\xbf\xbd";
    else if (byte == '"' || byte == '\\') (out += '\\') += static_cast<char>(byte);
    else ((out += "\\u00") += digits[byte >> 4]) += digits[byte & 15];
  }

  void base64(const std::string &value) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (out.size() + value.size() / 3 * 4 > limit) throw Stop{SG_PROTO_LARGE};
    out += '"';
    for (size_t place = 0; place < value.size(); place += 3) {
      size_t left = value.size() - place;
      uint32_t bits = static_cast<unsigned char>(value[place]) << 16;
      if (left > 1) bits |= static_cast<unsigned char>(value[place + 1]) << 8;
      if (left > 2) bits |= static_cast<unsigned char>(value[place + 2]);
      out += digits[bits >> 18];
      out += digits[bits >> 12 & 63];
      out += left > 1 ? digits[bits >> 6 & 63] : '=';
      out += left > 2 ? digits[bits & 63] : '=';
    }
    out += '"';
  }

  void digits(uint64_t value, int count) {
    char text[20];
    for (int place = count - 1; place >= 0; place--, value /= 10) text[place] = static_cast<char>('0' + value % 10);
    out.append(text, static_cast<size_t>(count));
  }

  /// With 0, 3, 6 or 9 digits, as few as possible.
  void fraction(int32_t nanos) {
    if (nanos == 0) return;
    out += '.';
    if (nanos % 1000000 == 0) digits(static_cast<uint64_t>(nanos / 1000000), 3);
    else if (nanos % 1000 == 0) digits(static_cast<uint64_t>(nanos / 1000), 6);
    else digits(static_cast<uint64_t>(nanos), 9);
  }

  void timestamp(const pb::Message &value, const Plan &plan) {
    const auto &reflection = *value.GetReflection();
    int64_t seconds = reflection.GetInt64(value, plan.fields[0].field);
    int32_t nanos = reflection.GetInt32(value, plan.fields[1].field);
    // Years 1 to 9999.
    if (seconds < -62135596800 || seconds > 253402300799 || nanos < 0 || nanos > 999999999) return object(value, plan, 0);
    int64_t days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
    auto second = static_cast<uint64_t>(seconds - days * 86400);
    int64_t year;
    unsigned month, day;
    civil(days, year, month, day);
    out += '"';
    digits(static_cast<uint64_t>(year), 4);
    out += '-';
    digits(month, 2);
    out += '-';
    digits(day, 2);
    out += 'T';
    digits(second / 3600, 2);
    out += ':';
    digits(second / 60 % 60, 2);
    out += ':';
    digits(second % 60, 2);
    fraction(nanos);
    out += "Z\"";
  }

  void duration(const pb::Message &value, const Plan &plan) {
    const auto &reflection = *value.GetReflection();
    int64_t seconds = reflection.GetInt64(value, plan.fields[0].field);
    int32_t nanos = reflection.GetInt32(value, plan.fields[1].field);
    bool isNegative = seconds < 0 || nanos < 0;
    if (nanos < -999999999 || nanos > 999999999 || (isNegative && (seconds > 0 || nanos > 0)))
      return object(value, plan, 0);
    out += '"';
    if (isNegative && seconds == 0) out += '-';
    number(seconds);
    fraction(isNegative ? -nanos : nanos);
    out += "s\"";
  }

  /// A `Value` of a `Struct`: the set member of its oneof.
  void any(const pb::Message &value, const Plan &plan, int depth) {
    const auto &reflection = *value.GetReflection();
    const auto *set = reflection.GetOneofFieldDescriptor(value, plan.type->oneof_decl(0));
    if (set == nullptr || set->cpp_type() == pb::FieldDescriptor::CPPTYPE_ENUM) {
      out += "null";
      return;
    }
    for (const auto &field : plan.fields)
      if (field.field == set) return single(value, field, depth);
  }

  /// An `Any`: its message if the schema knows the type, otherwise its bytes.
  void packed(const pb::Message &value, const Plan &plan, int depth) {
    const auto &reflection = *value.GetReflection();
    std::string url = reflection.GetString(value, plan.fields[0].field);
    std::string bytes = reflection.GetString(value, plan.fields[1].field);
    out += "{\"@type\":";
    string(url);
    auto found = schema.byName.find(url.substr(url.rfind('/') + 1));
    pb::Message *held = found == schema.byName.end() ? nullptr : found->second->prototype->New(&arena);
    if (held != nullptr && held->ParsePartialFromString(bytes)) {
      if (found->second->special == Special::none) {
        members(*held, *found->second, depth + 1, false);
      } else {
        out += ",\"value\":";
        message(*held, *found->second, depth + 1);
      }
    } else if (!bytes.empty()) {
      out += ",\"value\":";
      base64(bytes);
    }
    out += '}';
  }

  void mask(const pb::Message &value, const Plan &plan) {
    const auto &reflection = *value.GetReflection();
    std::string paths;
    for (int place = 0; place < reflection.FieldSize(value, plan.fields[0].field); place++)
      paths += (place > 0 ? "," : "") + reflection.GetRepeatedString(value, plan.fields[0].field, place);
    string(paths);
  }
};

const pb::Descriptor *find(const sg_proto_schema &schema, const int32_t *indexes, size_t count) {
  if (count == 0) return schema.chosen;
  if (indexes[0] < 0 || indexes[0] >= schema.file->message_type_count()) return nullptr;
  const auto *type = schema.file->message_type(indexes[0]);
  for (size_t place = 1; place < count; place++) {
    if (indexes[place] < 0 || indexes[place] >= type->nested_type_count()) return nullptr;
    type = type->nested_type(indexes[place]);
  }
  return type;
}

}  // namespace

struct sg_proto_reader {
  std::string json;
  pb::Arena arena;
};

sg_proto_reader *sg_proto_reader_new(void) { return new (std::nothrow) sg_proto_reader; }

void sg_proto_reader_free(sg_proto_reader *reader) { delete reader; }

int32_t sg_proto_read(
    sg_proto_reader *reader, const sg_proto_schema *schema, const int32_t *indexes, size_t indexCount,
    const void *bytes, size_t length, size_t limit, const char **json, size_t *jsonLength, const char **name) try {
  const auto *type = find(*schema, indexes, indexCount);
  auto plan = type == nullptr ? schema->plans.end() : schema->plans.find(type);
  if (plan == schema->plans.end()) return SG_PROTO_NO_MESSAGE;
  if (length > limit) return SG_PROTO_LARGE;
  reader->arena.Reset();
  reader->json.clear();
  if (reader->json.capacity() > kKept) reader->json.shrink_to_fit();
  auto *message = plan->second->prototype->New(&reader->arena);
  if (!message->ParsePartialFromArray(bytes, static_cast<int>(length))) return SG_PROTO_MALFORMED;
  Writer(reader->json, limit, *schema, reader->arena).message(*message, *plan->second, 0);
  if (reader->json.size() > limit) return SG_PROTO_LARGE;
  *json = reader->json.data();
  *jsonLength = reader->json.size();
  *name = type->full_name().c_str();
  return SG_PROTO_OK;
} catch (const Stop &stop) {
  return stop.code;
} catch (...) {
  return SG_PROTO_NO_MEMORY;
}
