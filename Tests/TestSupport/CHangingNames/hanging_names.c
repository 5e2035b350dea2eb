#define _GNU_SOURCE
#include "hanging_names.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char suffix[] = ".hanging.invalid";

static atomic_bool is_hanging;
static atomic_int waiting;
static int silent = -1;
static struct sockaddr_in place;

int sg_begin_hanging_names(void) {
  if (silent < 0) {
    socklen_t length = sizeof place;
    place = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    silent = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (silent < 0) return -1;
    if (bind(silent, (struct sockaddr *)&place, length) != 0) return -1;
    if (getsockname(silent, (struct sockaddr *)&place, &length) != 0) return -1;
  }
  is_hanging = true;
  return 0;
}

void sg_end_hanging_names(void) { is_hanging = false; }

int sg_hanging_lookups(void) { return waiting; }

// Simulates a resolver without a time limit: sends the request, waits for a response, repeats.
static void ask(const char *name) {
  int question = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct timeval patience = {.tv_usec = 100000};
  setsockopt(question, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  connect(question, (struct sockaddr *)&place, sizeof place);
  waiting++;
  while (is_hanging) {
    char answer[512];
    send(question, name, strlen(name), 0);
    if (recv(question, answer, sizeof answer, 0) > 0) break;
  }
  waiting--;
  close(question);
}

// The linker resolves calls from libraries to this function instead of the system's.
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  static int (*system_lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  size_t length = name ? strlen(name) : 0, tail = sizeof suffix - 1;
  if (length > tail && strcmp(name + length - tail, suffix) == 0) {
    ask(name);
    return EAI_NONAME;
  }
  if (!system_lookup) *(void **)&system_lookup = dlsym(RTLD_NEXT, "getaddrinfo");
  return system_lookup ? system_lookup(name, service, hints, found) : EAI_SYSTEM;
}
