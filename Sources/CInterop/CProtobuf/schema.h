#pragma once
// Created by `schema.cpp` and used by `json.cpp`.

#include "CProtobuf.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sagatop {

/// Messages with a special JSON form.
enum class Special { none, timestamp, duration, wrapper, object, value, list, any, mask };

struct Plan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor *field;
  /// The JSON member name: `"orderId":`.
  std::string key;
  /// For a message field.
  const Plan *message = nullptr;
};

/// How to write messages of one type.
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

  /// Plans whose fields are not set yet.
  std::vector<sagatop::Plan *> unfilled;

  /// The plan of a type; `fill` adds its fields.
  const sagatop::Plan *plan(const google::protobuf::Descriptor *type);
  void fill();
};
