#pragma once
// wasmtime's C interface (docs.wasmtime.dev/c-api), version 50: the structures and functions that the sandbox uses.
// Layouts are asserted in CWasmtime.c. The functions are trampolines into a library that `cwasmtime_load` opens, so
// that a program that runs no guest never pays for it; calling one before that is an error of ours.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasmtime_pooling_allocation_config_t wasmtime_pooling_allocation_config_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_caller wasmtime_caller_t;

typedef struct {
  size_t size;
  uint8_t *data;
} wasm_byte_vec_t;
typedef wasm_byte_vec_t wasm_name_t;
typedef struct {
  size_t size;
  wasm_valtype_t **data;
} wasm_valtype_vec_t;

enum { CWASM_I32 = 0, CWASM_I64 = 1, CWASM_F32 = 2, CWASM_F64 = 3 };
enum { CWASM_EXTERN_FUNC = 0, CWASM_EXTERN_MEMORY = 3 };

typedef struct {
  uint64_t store_id;
  void *__private;
} wasmtime_func_t;
typedef struct {
  struct {
    uint64_t store_id;
    uint32_t __private1;
  };
  uint32_t __private2;
} wasmtime_memory_t;
typedef struct {
  uint64_t store_id;
  size_t __private;
} wasmtime_instance_t;
typedef struct {
  uint8_t kind;
  union {
    wasmtime_func_t func;
    wasmtime_memory_t memory;
    uint8_t __size[24];
  } of;
} wasmtime_extern_t;
typedef struct {
  uint8_t kind;
  union {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    uint64_t __size[3];
  } of;
} wasmtime_val_t;
/// Without a kind: an i32 leaves the upper bytes undefined.
typedef union {
  int32_t i32;
  int64_t i64;
  float f32;
  double f64;
  uint64_t __size[2];
} wasmtime_val_raw_t;

typedef void (*cwasmtime_finalizer)(void *);
/// `values` holds the arguments, and then takes the results.
typedef wasm_trap_t *(*wasmtime_func_unchecked_callback_t)(void *environment, wasmtime_caller_t *caller,
                                                            wasmtime_val_raw_t *values, size_t count);
/// An error ends the guest; otherwise it may go on for `*delta` more epochs.
typedef wasmtime_error_t *(*cwasmtime_epoch_callback)(wasmtime_context_t *context, void *data, uint64_t *delta,
                                                      uint8_t *kind);

typedef struct wasmtime_component_t wasmtime_component_t;
typedef struct wasmtime_component_type_t wasmtime_component_type_t;
typedef struct wasmtime_component_extern_t wasmtime_component_extern_t;
typedef struct wasmtime_component_linker_t wasmtime_component_linker_t;
typedef struct wasmtime_component_linker_instance_t wasmtime_component_linker_instance_t;
typedef struct wasmtime_component_export_index_t wasmtime_component_export_index_t;
typedef struct wasmtime_component_func_type_t wasmtime_component_func_type_t;
typedef struct wasmtime_component_val wasmtime_component_val_t;
typedef struct {
  size_t size;
  wasmtime_component_val_t *data;
} wasmtime_component_vallist_t;

enum {
  CWASM_COMPONENT_BOOL = 0,
  CWASM_COMPONENT_S32 = 5,
  CWASM_COMPONENT_U32 = 6,
  CWASM_COMPONENT_S64 = 7,
  CWASM_COMPONENT_U64 = 8,
  CWASM_COMPONENT_F64 = 10,
  CWASM_COMPONENT_STRING = 12,
  CWASM_COMPONENT_LIST = 13,
  CWASM_COMPONENT_RECORD = 14,
  CWASM_COMPONENT_TUPLE = 15,
  CWASM_COMPONENT_OPTION = 18,
  CWASM_COMPONENT_RESULT = 19,
};
struct wasmtime_component_val {
  uint8_t kind;
  union {
    bool boolean;
    int32_t s32;
    uint32_t u32;
    int64_t s64;
    uint64_t u64;
    double f64;
    wasm_name_t string;
    wasmtime_component_vallist_t list;
    wasmtime_component_vallist_t tuple;
    /// NULL: none.
    wasmtime_component_val_t *option;
    struct {
      bool is_ok;
      wasmtime_component_val_t *val;
    } result;
    uint64_t __size[3];
  } of;
};
typedef struct {
  uint64_t store_id;
  uint32_t __private;
} wasmtime_component_instance_t;
typedef struct {
  struct {
    uint64_t store_id;
    uint32_t __private1;
  };
  uint32_t __private2;
  void *__private3;
} wasmtime_component_func_t;
/// Arguments stay wasmtime's; results become wasmtime's.
typedef wasmtime_error_t *(*wasmtime_component_func_callback_t)(void *environment, wasmtime_context_t *context,
                                                                const wasmtime_component_func_type_t *type,
                                                                wasmtime_component_val_t *arguments, size_t argument_count,
                                                                wasmtime_component_val_t *results, size_t result_count);

#include "functions.h"
#define CWASMTIME_DECLARE(result, name, parameters, arguments) result name parameters;
CWASMTIME_FUNCTIONS(CWASMTIME_DECLARE)
#undef CWASMTIME_DECLARE

/// Opens the library at `path` and looks all functions up. NULL when that worked, else why not, for as long as the
/// program runs. Call it from one thread at a time.
const char *cwasmtime_load(const char *path);
