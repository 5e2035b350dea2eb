#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {

namespace od = simdjson::ondemand;

/// A name of a path; the values that lie at it are wanted when `path` is not negative.
struct Node {
  std::string name;
  int32_t path = -1;
  std::vector<Node> children;

  const Node *element() const {
    for (const Node &child : children)
      if (child.name == "*") return &child;
    return nullptr;
  }

  /// By a name as it stands in the document, which has no escapes and is followed by a quotation mark and padding.
  const Node *child(const char *raw) const {
    for (const Node &child : children) {
      const std::string &name = child.name;
      // Most names differ in their first letter already.
      if (!name.empty() && raw[0] != name[0]) continue;
      if (raw[name.size()] == '"' && std::memcmp(raw, name.data(), name.size()) == 0) return &child;
    }
    return nullptr;
  }

  const Node *child(std::string_view name) const {
    for (const Node &child : children)
      if (name == child.name) return &child;
    return nullptr;
  }
};

/// Documents beyond this leave no buffer of their size behind.
constexpr size_t kKeptCapacity = 1 << 20;

/// A long list leaves room for the values of other paths.
constexpr uint16_t kMostValues = 64;

/// Where what is found goes.
struct Output {
  std::vector<sg_json_value> values;
  std::vector<int32_t> first;
  std::vector<uint16_t> counts;
  int32_t count = 0;
  /// Names must be copied and freed of their escapes before they are compared.
  bool mustUnescape = false;

  explicit Output(size_t paths) : values(paths * kMostValues), first(paths), counts(paths) {}

  void reset() {
    count = 0;
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
  for (auto element : array) {
    od::value value;
    if (auto error = element.get(value)) return error;
    if (auto error = take(value, node, output)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code takeString(od::value &value, const Node &node, Output &output) {
  std::string_view text;
  if (auto error = value.get_string().get(text)) return error;
  output.add(text, node.path, SG_JSON_STRING);
  return simdjson::SUCCESS;
}

simdjson::error_code take(od::value value, const Node &node, Output &output) {
  od::json_type type;
  if (auto error = value.type().get(type)) return error;
  switch (type) {
    case od::json_type::object: {
      if (node.children.empty()) return simdjson::SUCCESS;
      od::object object;
      if (auto error = value.get_object().get(object)) return error;
      return walk(object, node, output);
    }
    case od::json_type::array: {
      const Node *element = node.element();
      if (element == nullptr) return simdjson::SUCCESS;
      od::array array;
      if (auto error = value.get_array().get(array)) return error;
      return walk(array, *element, output);
    }
    case od::json_type::string:
      return node.path < 0 ? simdjson::SUCCESS : takeString(value, node, output);
    case od::json_type::number:
      if (node.path >= 0) output.add(trimmed(value.raw_json_token()), node.path, SG_JSON_NUMBER);
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

/// A document that is an array at the top has its elements at `*`.
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
    const Node *element = root.element();
    static const Node none;
    return walk(array, element == nullptr ? none : *element, output);
  }
  return simdjson::INCORRECT_TYPE;
}

}  // namespace

struct sg_json_plan {
  Node root;
  int32_t paths = 0;
  /// Some name is longer than the padding behind a document, so that it cannot be compared where it stands.
  bool hasLongNames = false;
};

struct sg_json_reader {
  const sg_json_plan *plan;
  od::parser parser;
  std::unique_ptr<char[]> buffer;
  size_t capacity = 0;
  Output output;

  explicit sg_json_reader(const sg_json_plan *plan) : plan(plan), output(static_cast<size_t>(plan->paths)) {}

  bool reserve(size_t length) {
    if (buffer && length <= capacity && (length > kKeptCapacity || capacity <= kKeptCapacity)) return true;
    if (capacity > kKeptCapacity) parser = od::parser();
    size_t wanted = length < 4096 ? 4096 : length;
    buffer.reset(new (std::nothrow) char[wanted + simdjson::SIMDJSON_PADDING]);
    capacity = buffer ? wanted : 0;
    return buffer != nullptr;
  }
};

/// A document that is a text may be a document that was written twice.
constexpr int kMostWraps = 3;

static void prepare(sg_json_reader &reader, size_t length) {
  std::memset(reader.buffer.get() + length, 0, simdjson::SIMDJSON_PADDING);
  reader.output.mustUnescape = reader.plan->hasLongNames || std::memchr(reader.buffer.get(), '\\', length) != nullptr;
}

static simdjson::error_code read(sg_json_reader &reader, size_t length, int wraps);

/// Without its escapes the text is shorter than it was, so that it fits where it stood.
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
  if (auto error = walk(document, reader.plan->root, reader.output)) return error;
  // Behind the end there is no location.
  const char *rest;
  return document.current_location().get(rest) ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

extern "C" {

sg_json_plan *sg_json_plan_new(void) { return new (std::nothrow) sg_json_plan; }

void sg_json_plan_free(sg_json_plan *plan) { delete plan; }

int32_t sg_json_plan_add(sg_json_plan *plan, const char *const *names, size_t count) try {
  Node *node = &plan->root;
  for (size_t i = 0; i < count; i++) {
    Node *next = nullptr;
    for (Node &child : node->children)
      if (child.name == names[i]) next = &child;
    if (next == nullptr) {
      node->children.emplace_back();
      next = &node->children.back();
      next->name = names[i];
      if (next->name.size() >= simdjson::SIMDJSON_PADDING) plan->hasLongNames = true;
    }
    node = next;
  }
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
