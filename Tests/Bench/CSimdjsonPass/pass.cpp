#include "CSimdjsonPass.h"

#include <malloc.h>
#include <simdjson.h>

#include <string_view>

// Counting replacements for the C library's functions, used by the program and its libraries.
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static __thread unsigned long allocations;

void *malloc(size_t size) noexcept {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) noexcept {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) noexcept {
  allocations++;
  return __libc_realloc(block, size);
}
}

unsigned long sg_allocations(void) { return allocations; }

static constexpr std::string_view kFields[] = {"eventId", "timestamp", "orderId", "reason", "eventType"};

size_t sg_simdjson_pass(const void *bytes, const long *starts, size_t count) {
  simdjson::ondemand::parser parser;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    size_t length = static_cast<size_t>(starts[i + 1] - starts[i]);
    simdjson::ondemand::document document;
    auto view = simdjson::padded_string_view(static_cast<const char *>(bytes) + starts[i], length, length + simdjson::SIMDJSON_PADDING);
    if (parser.iterate(view).get(document)) continue;
    simdjson::ondemand::object object;
    if (document.get_object().get(object)) continue;
    for (std::string_view field : kFields) {
      std::string_view token;
      if (!object.find_field_unordered(field).raw_json_token().get(token)) found += !token.empty();
    }
  }
  return found;
}

size_t sg_heap_bytes(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
