#pragma once
#include <curl/curl.h>
#include <stdint.h>

// The functions of libcurl that take a variable list of arguments, with the types that each use of them has.

typedef size_t (*sg_curl_write)(char *bytes, size_t size, size_t count, void *context);

/// Prepares the library for the whole process; to be called once. Returns 0 on success.
static inline int sg_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode sg_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the text.
static inline CURLcode sg_curl_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

/// What is pointed to must live as long as the handle.
static inline CURLcode sg_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode sg_curl_set_write(CURL *easy, sg_curl_write write) {
  return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write);
}

/// `read` gets the answer's head line by line, with `context`.
static inline CURLcode sg_curl_set_head(CURL *easy, sg_curl_write read, void *context) {
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
  return curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read);
}

/// Removing a handle whose name is being looked up does not wait for the look-up, where the library can do so.
static inline void sg_curl_leave_lookups(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)easy;
#endif
}

/// Lets the handle speak HTTP only.
static inline CURLcode sg_curl_set_http_only(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static inline CURLMcode sg_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline long sg_curl_long(CURL *easy, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

/// One that is a large number: `…_TIME_T` are microseconds since the transfer began, `CURLINFO_RETRY_AFTER` is seconds.
static inline int64_t sg_curl_time(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

/// Lives until the next transfer of the handle; may be NULL.
static inline const char *sg_curl_text(CURL *easy, CURLINFO info) {
  char *value = NULL;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

/// A header of the answer, the last of that name; NULL where there is none, or libcurl is older than 7.84. Lives until the next
/// transfer of the handle.
static inline const char *sg_curl_header(CURL *easy, const char *name) {
#if LIBCURL_VERSION_NUM >= 0x075400
  struct curl_header *header = NULL;
  return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
#else
  (void)easy;
  (void)name;
  return NULL;
#endif
}

/// What the first certificate of the server's chain says, as a list of `name:value`; NULL where there was no handshake.
static inline const struct curl_slist *sg_curl_certificate(CURL *easy) {
  struct curl_certinfo *info = NULL;
  if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL) return NULL;
  return info->num_of_certs > 0 ? info->certinfo[0] : NULL;
}

/// Takes a transfer that has ended; NULL when there is none.
static inline CURL *sg_curl_take_done(CURLM *multi, CURLcode *result) {
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

// Macros with a cast, which Swift does not see.
static const long CURLAUTH_BASIC_BITS = (long)CURLAUTH_BASIC;
static const long CURLAUTH_BEARER_BITS = (long)CURLAUTH_BEARER;
