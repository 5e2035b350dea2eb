#pragma once
#include <curl/curl.h>
#include <stdint.h>

// libcurl's variadic functions, with the argument types of each use.

typedef size_t (*sg_curl_write)(char *bytes, size_t size, size_t count, void *context);

/// Initializes the library for the process; call it once. Returns 0 on success.
static inline int sg_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode sg_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the text.
static inline CURLcode sg_curl_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

/// The object must live as long as the handle.
static inline CURLcode sg_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode sg_curl_set_write(CURL *easy, sg_curl_write write) {
  return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write);
}

/// `read` receives each line of the response's head, with `context`.
static inline CURLcode sg_curl_set_head(CURL *easy, sg_curl_write read, void *context) {
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
  return curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read);
}

/// Removing a handle does not wait for a pending name look-up, if the library supports that.
static inline void sg_curl_leave_lookups(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)easy;
#endif
}

/// Restricts the handle to HTTP and HTTPS.
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

/// A large number: `…_TIME_T` are microseconds since the start of the transfer, `CURLINFO_RETRY_AFTER` is seconds.
static inline int64_t sg_curl_time(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

/// Valid until the next transfer of the handle; may be NULL.
static inline const char *sg_curl_text(CURL *easy, CURLINFO info) {
  char *value = NULL;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

/// A header of the response, the last of that name; NULL if there is none or libcurl is older than 7.84. Valid until the next transfer of
/// the handle.
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

/// The fields of the server's first certificate as a list of `name:value`; NULL without a handshake.
static inline const struct curl_slist *sg_curl_certificate(CURL *easy) {
  struct curl_certinfo *info = NULL;
  if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL) return NULL;
  return info->num_of_certs > 0 ? info->certinfo[0] : NULL;
}

/// Removes a finished transfer from the queue; NULL if there is none.
static inline CURL *sg_curl_take_done(CURLM *multi, CURLcode *result) {
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

// Macros with a cast are not imported by Swift.
static const long CURLAUTH_BASIC_BITS = (long)CURLAUTH_BASIC;
static const long CURLAUTH_BEARER_BITS = (long)CURLAUTH_BEARER;
