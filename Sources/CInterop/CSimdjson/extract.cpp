#include "CSimdjson.h"
#include "node.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {

namespace od = simdjson::ondemand;

/// A buffer for a larger document is released afterwards.
constexpr size_t kKeptCapacity = 1 << 20;

/// The maximum number of values per path, so that a long list leaves room for other paths.
constexpr uint16_t kMostValues = 64;

/// Collects the values found.
struct Output {
  std::vector<sg_json_value> values;
  std::vector<int32_t> first;
  std::vector<uint16_t> counts;
  /// Storage of numbers that were normalized.
  std::deque<std::string> numbers;
  int32_t count = 0;
  /// Names may contain escapes or be too long, so they must be unescaped to a copy before comparison.
  bool mustUnescape = false;

  explicit Output(size_t paths) : values(paths * kMostValues), first(paths), counts(paths) {}

  void reset() {
    count = 0;
    if (!numbers.empty()) numbers.clear();
    std::fill(first.begin(), first.end(), -1);
    std::fill(counts.begin(), counts.end(), 0);
  }

  void add(std::string_view text, int32_t path, int32_t kind) {
    if (counts[path]++ >= kMostValues) {
      counts[path] = kMostValues;
      return;
    }
    if (first[path] < 0) first[path] = count;
    values[count++] = {text.data(), text.size(), path, kind};
  }
};

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t'))
    token.remove_suffix(1);
  return token;
}

/// Longer numbers are not expanded.
constexpr long kMostDigits = 40;

/// The digits of an integral number with a point or exponent; the token itself for any other number.
std::string_view integral(std::string_view token, Output &output) {
  if (token.find_first_of(".eE") == std::string_view::npos) return token;
  bool isNegative = token.front() == '-';
  size_t mantissa = std::min(token.find_first_of("eE"), token.size());
  long exponent = 0;
  if (mantissa < token.size()) {
    std::string text(token.substr(mantissa + 1));
    if (text.size() > 5) return token;
    exponent = std::strtol(text.c_str(), nullptr, 10);
  }
  std::string digits;
  long point = -1;
  for (char c : token.substr(isNegative, mantissa - isNegative)) {
    if (c == '.') point = static_cast<long>(digits.size());
    else digits += c;
  }
  long whole = (point < 0 ? static_cast<long>(digits.size()) : point) + exponent;
  if (whole > kMostDigits) return token;
  for (long place = std::max(whole, 0L); place < static_cast<long>(digits.size()); place++)
    if (digits[static_cast<size_t>(place)] != '0') return token;
  digits.resize(static_cast<size_t>(std::max(whole, 0L)), '0');
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.empty()) digits = "0";
  else if (isNegative) digits.insert(digits.begin(), '-');
  output.numbers.push_back(std::move(digits));
  return output.numbers.back();
}

simdjson::error_code take(od::value value, const Node &node, Output &output);

simdjson::error_code walk(od::object object, const Node &node, Output &output) {
  for (auto field : object) {
    const Node *wanted;
    if (output.mustUnescape) {
      std::string_view name;
      if (auto error = field.unescaped_key().get(name)) return error;
      wanted = node.child(name);
    } else {
      od::raw_json_string name;
      if (auto error = field.key().get(name)) return error;
      wanted = node.child(name.raw());
    }
    od::value value;
    if (auto error = field.value().get(value)) return error;
    if (wanted != nullptr)
      if (auto error = take(value, *wanted, output)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code walk(od::array array, const Node &node, Output &output) {
  size_t count = 0;
  if (node.childElements == Elements::fromEnd)
    if (auto error = array.count_elements().get(count)) return error;
  size_t place = 0;
  for (auto element : array) {
    od::value value;
    if (auto error = element.get(value)) return error;
    const Node *wanted = node.element(place++, count);
    if (wanted != nullptr)
      if (auto error = take(value, *wanted, output)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code takeString(od::value &value, const Node &node, Output &output) {
  std::string_view text;
  if (auto error = value.get_string().get(text)) return error;
  output.add(text, node.path, SG_JSON_STRING);
  return simdjson::SUCCESS;
}

/// The value is read to its end, so that malformed JSON is detected; its content is parsed by the caller.
simdjson::error_code takeWhole(od::value &value, bool isArray, const Node &node, Output &output) {
  std::string_view text;
  if (isArray) {
    od::array array;
    if (auto error = value.get_array().get(array)) return error;
    if (auto error = array.raw_json().get(text)) return error;
  } else {
    od::object object;
    if (auto error = value.get_object().get(object)) return error;
    if (auto error = object.raw_json().get(text)) return error;
  }
  output.add(trimmed(text), node.path, SG_JSON_WHOLE);
  return simdjson::SUCCESS;
}

simdjson::error_code take(od::value value, const Node &node, Output &output) {
  od::json_type type;
  if (auto error = value.type().get(type)) return error;
  switch (type) {
    case od::json_type::object: {
      if (node.isWhole) return takeWhole(value, false, node, output);
      if (node.children.empty()) return simdjson::SUCCESS;
      od::object object;
      if (auto error = value.get_object().get(object)) return error;
      return walk(object, node, output);
    }
    case od::json_type::array: {
      if (node.isWhole) return takeWhole(value, true, node, output);
      if (node.childElements == Elements::none) return simdjson::SUCCESS;
      od::array array;
      if (auto error = value.get_array().get(array)) return error;
      return walk(array, node, output);
    }
    case od::json_type::string:
      return node.path < 0 ? simdjson::SUCCESS : takeString(value, node, output);
    case od::json_type::number:
      if (node.path >= 0) output.add(integral(trimmed(value.raw_json_token()), output), node.path, SG_JSON_NUMBER);
      return simdjson::SUCCESS;
    case od::json_type::boolean: {
      bool truth = false;
      if (auto error = value.get_bool().get(truth)) return error;
      if (node.path >= 0) output.add(truth ? "true" : "false", node.path, truth ? SG_JSON_TRUE : SG_JSON_FALSE);
      return simdjson::SUCCESS;
    }
    case od::json_type::null:
      if (node.path >= 0) output.add("null", node.path, SG_JSON_NULL);
      return simdjson::SUCCESS;
  }
  return simdjson::SUCCESS;
}

/// The elements of an array at the top level are at `*`.
simdjson::error_code walk(od::document &document, const Node &root, Output &output) {
  od::json_type type;
  if (auto error = document.type().get(type)) return error;
  if (type == od::json_type::object) {
    od::object object;
    if (auto error = document.get_object().get(object)) return error;
    return walk(object, root, output);
  }
  if (type == od::json_type::array) {
    od::array array;
    if (auto error = document.get_array().get(array)) return error;
    return walk(array, root, output);
  }
  return simdjson::INCORRECT_TYPE;
}

}  // namespace

struct sg_json_plan {
  /// Each root needs its own pass: after a single element of an array, or a whole value, no other value in it can be read in the same
  /// pass.
  std::vector<Node> roots{Node()};
  int32_t paths = 0;
  /// Some name is longer than the padding after a document, so it cannot be compared in place.
  bool hasLongNames = false;
};

struct sg_json_reader {
  const sg_json_plan *plan;
  od::parser parser;
  /// One parser per further root, because the results of a pass must outlive the next pass.
  std::vector<od::parser> others;
  std::unique_ptr<char[]> buffer;
  size_t capacity = 0;
  Output output;

  explicit sg_json_reader(const sg_json_plan *plan) : plan(plan), others(plan->roots.size() - 1), output(static_cast<size_t>(plan->paths)) {}

  bool reserve(size_t length) {
    if (buffer && length <= capacity && (length > kKeptCapacity || capacity <= kKeptCapacity)) return true;
    if (capacity > kKeptCapacity) parser = od::parser();
    size_t wanted = length < 4096 ? 4096 : length;
    buffer.reset(new (std::nothrow) char[wanted + simdjson::SIMDJSON_PADDING]);
    capacity = buffer ? wanted : 0;
    return buffer != nullptr;
  }
};

/// A document that is a string may contain a document that was encoded twice.
constexpr int kMostWraps = 3;

static void prepare(sg_json_reader &reader, size_t length) {
  std::memset(reader.buffer.get() + length, 0, simdjson::SIMDJSON_PADDING);
  reader.output.mustUnescape = reader.plan->hasLongNames || std::memchr(reader.buffer.get(), '\\', length) != nullptr;
}

static simdjson::error_code read(sg_json_reader &reader, size_t length, int wraps);

/// An unescaped string is shorter than the original, so it fits in the same buffer.
static simdjson::error_code unwrap(sg_json_reader &reader, od::document &document, int wraps) {
  std::string_view text;
  if (auto error = document.get_string().get(text)) return error;
  const char *rest;
  if (!document.current_location().get(rest)) return simdjson::TRAILING_CONTENT;
  if (text.empty() || std::strchr("{[\"", text.front()) == nullptr) return simdjson::INCORRECT_TYPE;
  std::memcpy(reader.buffer.get(), text.data(), text.size());
  prepare(reader, text.size());
  return read(reader, text.size(), wraps - 1);
}

static simdjson::error_code read(sg_json_reader &reader, size_t length, int wraps) {
  od::document document;
  simdjson::padded_string_view text(reader.buffer.get(), length, reader.capacity + simdjson::SIMDJSON_PADDING);
  if (auto error = reader.parser.iterate(text).get(document)) return error;
  od::json_type type;
  if (wraps > 0 && !document.type().get(type) && type == od::json_type::string) return unwrap(reader, document, wraps);
  if (auto error = walk(document, reader.plan->roots[0], reader.output)) return error;
  // At the end of the document there is no location.
  const char *rest;
  if (!document.current_location().get(rest)) return simdjson::TRAILING_CONTENT;
  for (size_t index = 0; index < reader.others.size(); index++) {
    od::document again;
    if (auto error = reader.others[index].iterate(text).get(again)) return error;
    if (auto error = walk(again, reader.plan->roots[index + 1], reader.output)) return error;
  }
  return simdjson::SUCCESS;
}

/// Adds a path to a root; `nullptr` if it conflicts with the root's other paths.
static Node *place(Node &root, const char *const *names, size_t count, bool isWhole) {
  Node *node = &root;
  for (size_t i = 0; i < count; i++) {
    if (node->isWhole) return nullptr;
    Node *next = nullptr;
    for (Node &child : node->children)
      if (child.name == names[i]) next = &child;
    if (next == nullptr) {
      Node child(names[i]);
      bool isTaken = node->childElements != Elements::none && node->childElements != child.elements;
      if (child.elements != Elements::none && isTaken) return nullptr;
      if (child.elements != Elements::none) node->childElements = child.elements;
      node->add(std::move(child));
      next = &node->children.back();
    }
    node = next;
  }
  return isWhole && !node->children.empty() ? nullptr : node;
}

extern "C" {

sg_json_plan *sg_json_plan_new(void) { return new (std::nothrow) sg_json_plan; }

void sg_json_plan_free(sg_json_plan *plan) { delete plan; }

int32_t sg_json_plan_add(sg_json_plan *plan, const char *const *names, size_t count, int32_t whole) try {
  for (size_t i = 0; i < count; i++)
    if (std::strlen(names[i]) >= simdjson::SIMDJSON_PADDING) plan->hasLongNames = true;
  Node *node = nullptr;
  for (size_t index = 0; node == nullptr; index++) {
    if (index == plan->roots.size()) plan->roots.emplace_back();
    node = place(plan->roots[index], names, count, whole != 0);
  }
  if (whole != 0) node->isWhole = true;
  if (node->path < 0) node->path = plan->paths++;
  return node->path;
} catch (const std::exception &) {
  return -1;
}

sg_json_reader *sg_json_reader_new(const sg_json_plan *plan) try {
  return new sg_json_reader(plan);
} catch (const std::exception &) {
  return nullptr;
}

void sg_json_reader_free(sg_json_reader *reader) { delete reader; }

int32_t sg_json_read(sg_json_reader *reader, const void *bytes, size_t length, sg_json_fields *fields) {
  Output &output = reader->output;
  output.reset();
  *fields = {output.values.data(), output.first.data(), 0};
  if (length >= 3 && std::memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
    bytes = static_cast<const char *>(bytes) + 3;
    length -= 3;
  }
  if (!reader->reserve(length)) return simdjson::MEMALLOC;
  char *buffer = reader->buffer.get();
  if (length > 0) std::memcpy(buffer, bytes, length);
  prepare(*reader, length);
  auto error = read(*reader, length, kMostWraps);
  if (error) output.reset();
  fields->count = output.count;
  return error;
}

const char *sg_json_error(int32_t error) {
  switch (error) {
    case simdjson::INCORRECT_TYPE: return "neither a JSON object nor an array";
    case simdjson::UTF8_ERROR: return "not valid UTF-8";
    case simdjson::EMPTY: return "empty";
    case simdjson::UNCLOSED_STRING: return "JSON that ends inside a string";
    case simdjson::DEPTH_ERROR: return "JSON nested too deeply";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return "too large to be read";
    case simdjson::TRAILING_CONTENT: return "more than one JSON value";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "JSON that ends too early";
    case simdjson::STRING_ERROR: return "JSON with a broken string";
    case simdjson::NUMBER_ERROR: return "JSON with a broken number";
    default: return "not valid JSON";
  }
}
}
