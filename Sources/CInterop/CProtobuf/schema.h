#pragma once
// What `schema.cpp` makes and `json.cpp` reads.

#include "CProtobuf.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sagatop {

/// Messages that JSON has a form of its own for.
enum class Special { none, timestamp, duration, wrapper, object, value, list, any, mask };

struct Plan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor *field;
  /// The name as a member: `"orderId":`.
  std::string key;
  /// Of a field that is a message.
  const Plan *message = nullptr;
};

/// How messages of one type are written.
struct Plan {
  const google::protobuf::Descriptor *type = nullptr;
  const google::protobuf::Message *prototype = nullptr;
  Special special = Special::none;
  std::vector<FieldPlan> fields;
};

}  // namespace sagatop

struct sg_proto_schema {
  google::protobuf::DescriptorPool pool;
  google::protobuf::DynamicMessageFactory factory{&pool};
  const google::protobuf::FileDescriptor *file = nullptr;
  const google::protobuf::Descriptor *chosen = nullptr;
  std::unordered_map<const google::protobuf::Descriptor *, std::unique_ptr<sagatop::Plan>> plans;
  std::unordered_map<std::string, const sagatop::Plan *> byName;

  /// Plans that have no fields yet.
  std::vector<sagatop::Plan *> unfilled;

  /// The plan of a type, which `fill` completes.
  const sagatop::Plan *plan(const google::protobuf::Descriptor *type);
  void fill();
};
