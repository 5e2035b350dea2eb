#include "CFuzzCoverage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The compiler creates an array of counters per module, one counter per edge, and calls this function at startup
// (https://clang.llvm.org/docs/SanitizerCoverage.html#inline-8bit-counters).
enum { most_regions = 4096, block = 256 };
static struct {
  uint8_t *start;
  size_t count;
  uint8_t *seen;
  uint8_t *is_active;
} regions[most_regions];
static int region_count;

void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop) {
  for (int i = 0; i < region_count; i++)
    if (regions[i].start == start) return;
  if (region_count == most_regions || start == stop) return;
  size_t count = (size_t)(stop - start);
  uint8_t *seen = calloc(count, 1);
  uint8_t *is_active = calloc(count / block + 1, 1);
  if (seen == NULL || is_active == NULL) return;
  regions[region_count].is_active = is_active;
  regions[region_count].start = start;
  regions[region_count].count = count;
  regions[region_count++].seen = seen;
}

void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop) {
  (void)start;
  (void)stop;
}

// One bit per range: 1, 2, 3, 4–7, 8–15, 16–31, 32–127, 128 or more.
static uint8_t bucket(uint8_t count) {
  if (count <= 3) return (uint8_t)(1 << (count - 1));
  if (count <= 7) return 8;
  if (count <= 15) return 16;
  if (count <= 31) return 32;
  return count <= 127 ? 64 : 128;
}

static int take(uint8_t *counters, uint8_t *seen, size_t count) {
  int has_news = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t word;
    if (i + 8 <= count && (memcpy(&word, counters + i, 8), word == 0)) {
      i += 7;
      continue;
    }
    if (counters[i] == 0) continue;
    uint8_t bit = bucket(counters[i]);
    if ((seen[i] & bit) == 0) has_news = 1;
    seen[i] |= bit;
    counters[i] = 0;
  }
  return has_news;
}

static int was_reached(const uint8_t *counters, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (counters[i] != 0) return 1;
  return 0;
}

int sg_fuzz_has_news(int all) {
  int has_news = 0;
  for (int r = 0; r < region_count; r++) {
    size_t count = regions[r].count;
    for (size_t i = 0; i < count; i += block) {
      uint8_t *counters = regions[r].start + i;
      size_t size = count - i < block ? count - i : block;
      if (regions[r].is_active[i / block])
        has_news |= take(counters, regions[r].seen + i, size);
      else if (all && was_reached(counters, size)) {
        // It is unknown which input since the last full check reached the block.
        regions[r].is_active[i / block] = 1;
        memset(counters, 0, size);
      }
    }
  }
  return has_news;
}

size_t sg_fuzz_edges(void) {
  size_t count = 0;
  for (int r = 0; r < region_count; r++) count += regions[r].count;
  return count;
}

void sg_fuzz_forget(void) {
  for (int r = 0; r < region_count; r++) {
    memset(regions[r].start, 0, regions[r].count);
    memset(regions[r].seen, 0, regions[r].count);
    memset(regions[r].is_active, 0, regions[r].count / block + 1);
  }
}

static const char *crash_path;
static const uint8_t *input;
static size_t input_count;

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

static void crash(int number) {
  int file = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ssize_t written = file >= 0 ? write(file, input, input_count) : -1;
  say(number == SIGALRM ? "\nan input takes too long; " : "\nan input ends the program; ");
  say(written == (ssize_t)input_count ? "it was written to " : "it could not be written to ");
  say(crash_path);
  say("\n");
  _exit(1);
}

void sg_fuzz_guard(const char *path) {
  crash_path = path;
  const int numbers[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGALRM};
  struct sigaction action = {.sa_handler = crash, .sa_flags = SA_ONSTACK | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, NULL);
}

void sg_fuzz_input(const uint8_t *bytes, size_t count) {
  input = bytes;
  input_count = count;
}

void sg_fuzz_patience(unsigned seconds) { alarm(seconds); }
