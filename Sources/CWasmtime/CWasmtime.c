#include "CWasmtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(wasm_byte_vec_t) == 16, "wasm_byte_vec_t");
_Static_assert(sizeof(wasmtime_func_t) == 16, "wasmtime_func_t");
_Static_assert(sizeof(wasmtime_memory_t) == 24, "wasmtime_memory_t");
_Static_assert(offsetof(wasmtime_memory_t, __private2) == 16, "wasmtime_memory_t");
_Static_assert(sizeof(wasmtime_instance_t) == 16, "wasmtime_instance_t");
_Static_assert(sizeof(wasmtime_extern_t) == 32, "wasmtime_extern_t");
_Static_assert(offsetof(wasmtime_extern_t, of) == 8, "wasmtime_extern_t");
_Static_assert(sizeof(wasmtime_val_t) == 32, "wasmtime_val_t");
_Static_assert(offsetof(wasmtime_val_t, of) == 8, "wasmtime_val_t");
_Static_assert(sizeof(wasmtime_val_raw_t) == 16, "wasmtime_val_raw_t");
_Static_assert(sizeof(wasmtime_component_val_t) == 32, "wasmtime_component_val_t");
_Static_assert(offsetof(wasmtime_component_val_t, of) == 8, "wasmtime_component_val_t");
_Static_assert(sizeof(wasmtime_component_instance_t) == 16, "wasmtime_component_instance_t");
_Static_assert(sizeof(wasmtime_component_func_t) == 32, "wasmtime_component_func_t");
_Static_assert(offsetof(wasmtime_component_func_t, __private3) == 24, "wasmtime_component_func_t");

// The trampolines are hidden: the library's own names must never be bound to ours.
#define CWASMTIME_TRAMPOLINE(result, name, parameters, arguments) \
  static result(*found_##name) parameters;                        \
  __attribute__((visibility("hidden"))) result name parameters { return found_##name arguments; }
CWASMTIME_FUNCTIONS(CWASMTIME_TRAMPOLINE)

static char failure[512];

const char *cwasmtime_load(const char *path) {
  void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(failure, sizeof failure, "%s", reason ? reason : "it cannot be loaded");
    return failure;
  }
  void *symbol;
  // ISO C has no cast from an object pointer to a function pointer; POSIX promises that the bytes mean the same.
#define CWASMTIME_FIND(result, name, parameters, arguments)                         \
  symbol = dlsym(library, #name);                                                   \
  if (!symbol) {                                                                    \
    snprintf(failure, sizeof failure, "it has no function %s: a wrong version", #name); \
    return failure;                                                                 \
  }                                                                                 \
  memcpy(&found_##name, &symbol, sizeof symbol);
  CWASMTIME_FUNCTIONS(CWASMTIME_FIND)
  return NULL;
}
