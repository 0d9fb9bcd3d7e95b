// Sums one column of a dataset that comes as columns.
#include "../../Examples/modules/c/checker.h"

CHECKER_IMPORT(dataset_columns) int32_t dataset_columns(const char *, size_t, void *, size_t);
extern unsigned char __heap_base;

CHECKER_EXPORT(check) void check(void) {
  unsigned char *rows = (unsigned char *)(((size_t)&__heap_base + 7) & ~(size_t)7);
  size_t need = dataset_columns("orders", 6, rows, 0);
  size_t have = __builtin_wasm_memory_size(0) * 65536 - (size_t)rows;
  if (need > have && __builtin_wasm_memory_grow(0, (need - have + 65535) / 65536) == (size_t)-1) __builtin_trap();
  dataset_columns("orders", 6, rows, need);
  uint32_t count = ((uint32_t *)rows)[1];
  const double *amounts = (const double *)(rows + *(uint32_t *)(rows + 16 + 32 + 20));
  double sum = 0;
  for (uint32_t row = 0; row < count; row++) sum += amounts[row];
  if (sum > 0) checker_ok("the sum is positive");
  else checker_fail("the sum is not positive");
}
