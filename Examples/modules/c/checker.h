// For checkers in C: what a module imports from the checker, made pleasant. docs/wasm-abi.md says what each does.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define CHECKER_IMPORT(name) __attribute__((import_module("checker"), import_name(#name)))
#define CHECKER_EXPORT(name) __attribute__((export_name(#name)))

CHECKER_IMPORT(ok) void checker_import_ok(const char *, size_t);
CHECKER_IMPORT(fail) void checker_import_fail(const char *, size_t);
CHECKER_IMPORT(log) void checker_import_log(const char *, size_t);
CHECKER_IMPORT(open) int32_t checker_import_open(const char *, size_t);
CHECKER_IMPORT(next_row) int32_t checker_next_row(int32_t cursor);
CHECKER_IMPORT(column) int32_t checker_import_column(int32_t, const char *, size_t);
CHECKER_IMPORT(is_null) int32_t checker_is_null(int32_t cursor, int32_t column);
CHECKER_IMPORT(get_i64) int64_t checker_get_i64(int32_t cursor, int32_t column);
CHECKER_IMPORT(get_f64) double checker_get_f64(int32_t cursor, int32_t column);
CHECKER_IMPORT(get_text) int32_t checker_get_text(int32_t cursor, int32_t column, char *buffer, size_t capacity);
CHECKER_IMPORT(metric) double checker_import_metric(const char *, size_t, const char *, size_t);
CHECKER_IMPORT(assert_rows_less_than)
int32_t checker_import_rows_less_than(const char *, size_t, int64_t, const char *, size_t);

static inline size_t checker_length(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}
static inline void checker_ok(const char *message) { checker_import_ok(message, checker_length(message)); }
static inline void checker_fail(const char *message) { checker_import_fail(message, checker_length(message)); }
static inline void checker_log(const char *line) { checker_import_log(line, checker_length(line)); }
/// A cursor over the rows of a dataset.
static inline int32_t checker_open(const char *dataset) { return checker_import_open(dataset, checker_length(dataset)); }
/// The number of a column; -1 when there is none of that name.
static inline int32_t checker_column(int32_t cursor, const char *name) {
  return checker_import_column(cursor, name, checker_length(name));
}
/// An aggregate, computed by the database; NaN for NULL.
static inline double checker_metric(const char *dataset, const char *expression) {
  return checker_import_metric(dataset, checker_length(dataset), expression, checker_length(expression));
}
/// Counted by the database: no row comes over.
static inline int32_t checker_assert_rows_less_than(const char *dataset, int64_t limit, const char *message) {
  return checker_import_rows_less_than(dataset, checker_length(dataset), limit, message, checker_length(message));
}
