// The requested names of a document as a tree. Only included by extract.cpp.
#ifndef SAGATOP_NODE_H
#define SAGATOP_NODE_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

/// Which elements of an array a name selects.
enum class Elements : uint8_t { none, all, fromStart, fromEnd };

/// A name of a path; its values are requested if `path` is not negative.
struct Node {
  std::string name;
  int32_t path = -1;
  /// Arrays and objects are requested, too.
  bool isWhole = false;
  Elements elements = Elements::none;
  size_t index = 0;
  /// Which elements of an array the children select; it is the same for all of them.
  Elements childElements = Elements::none;
  std::vector<Node> children;
  /// Bit set of the children's first letters (low six bits), because most names in a document match none of them.
  uint64_t letters = 0;

  explicit Node(const char *text = "") : name(text) {
    if (name == "*") elements = Elements::all;
    bool isNegative = name[0] == '-';
    size_t digits = name.size() - isNegative;
    if (digits == 0 || digits > 6 || name.find_first_not_of("0123456789", isNegative) != std::string::npos) return;
    index = std::stoul(name.substr(isNegative));
    if (isNegative && index == 0) return;
    elements = isNegative ? Elements::fromEnd : Elements::fromStart;
  }

  void add(Node child) {
    letters |= letter(child.name.empty() ? '"' : child.name[0]);
    children.push_back(std::move(child));
  }

  static uint64_t letter(char first) { return uint64_t(1) << (static_cast<unsigned char>(first) & 63); }

  const Node *element(size_t place, size_t count) const {
    for (const Node &child : children) {
      if (child.elements == Elements::all) return &child;
      if (child.elements == Elements::fromStart && child.index == place) return &child;
      if (child.elements == Elements::fromEnd && child.index + place == count) return &child;
    }
    return nullptr;
  }

  /// Finds a child by the name in the document, without escapes and followed by a quotation mark and padding.
  const Node *child(const char *raw) const {
    if ((letters & letter(raw[0])) == 0) return nullptr;
    for (const Node &child : children) {
      const std::string &name = child.name;
      // Most names differ in the first letter.
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

}  // namespace

#endif
