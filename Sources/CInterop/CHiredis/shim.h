#pragma once
#include <hiredis/hiredis.h>
#include <limits.h>

#if HIREDIS_MAJOR >= 1
typedef size_t sg_redis_count;
#else
typedef int sg_redis_count;
#endif

/// The number of array elements that one reply may still contain. A server announces the number first, and hiredis allocates memory for it
/// at once.
struct sg_redis_budget {
  long long elements;
  void *(*make_array)(const redisReadTask *, sg_redis_count);
  redisReplyObjectFunctions functions;
};

static void *sg_redis_make_array(const redisReadTask *task, sg_redis_count count) {
  struct sg_redis_budget *budget = (struct sg_redis_budget *)task->privdata;
  if ((long long)count > budget->elements) return NULL;
  budget->elements -= (long long)count;
  return budget->make_array(task, count);
}

/// Makes a reply whose arrays exceed the budget fail as if memory were exhausted. The budget must outlive the reader.
static inline void sg_redis_bound(redisReader *reader, struct sg_redis_budget *budget) {
  budget->functions = *reader->fn;
  budget->make_array = budget->functions.createArray;
  budget->functions.createArray = sg_redis_make_array;
  reader->fn = &budget->functions;
  reader->privdata = budget;
}

/// The reader's error text; empty if there is none.
static inline const char *sg_redis_reader_error(const redisReader *reader) { return reader->errstr; }
