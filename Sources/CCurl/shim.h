#pragma once
#include <curl/curl.h>

/* Swift calls no variadic functions. */
static inline CURLcode checker_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode checker_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode checker_curl_set_headers(CURL *handle, struct curl_slist *headers) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

typedef size_t (*checker_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode checker_curl_set_sink(CURL *handle, checker_curl_sink sink, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, sink);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_WRITEDATA, context) : code;
}

static inline long checker_curl_status(CURL *handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/* The system's number for why there is no connection; 0 when it gave none. */
static inline long checker_curl_system_error(CURL *handle) {
  long number = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &number);
  return number;
}

static inline CURLcode checker_curl_set_recipients(CURL *handle, struct curl_slist *recipients) {
  return curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
}

static inline CURLcode checker_curl_set_source(CURL *handle, checker_curl_sink source, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, source);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_READDATA, context) : code;
}

/* For mail, the lines of the server's replies. */
static inline CURLcode checker_curl_set_reply_sink(CURL *handle, checker_curl_sink sink, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, sink);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_HEADERDATA, context) : code;
}
