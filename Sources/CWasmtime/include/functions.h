#pragma once
// Every function that we use: F(result, name, parameters, arguments). Included by CWasmtime.h.

// Configuration
#define CWASMTIME_CONFIGURATION(F) \
  F(wasm_config_t *, wasm_config_new, (void), ()) \
  F(void, wasmtime_config_consume_fuel_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_epoch_interruption_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_threads_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_shared_memory_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_gc_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_function_references_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_exceptions_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_multi_memory_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_memory64_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_custom_page_sizes_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_compact_imports_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_relaxed_simd_deterministic_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_stack_switching_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_wasm_component_model_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_memory_init_cow_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_parallel_compilation_set, (wasm_config_t *config, bool value), (config, value)) \
  F(void, wasmtime_config_max_wasm_stack_set, (wasm_config_t *config, size_t value), (config, value)) \
  F(wasmtime_pooling_allocation_config_t *, wasmtime_pooling_allocation_config_new, (void), ()) \
  F(void, wasmtime_pooling_allocation_config_delete, (wasmtime_pooling_allocation_config_t *pool), (pool)) \
  F(void, wasmtime_pooling_allocation_config_total_memories_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_total_tables_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_total_core_instances_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_total_component_instances_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_memories_per_component_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_tables_per_component_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_core_instances_per_component_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_tables_per_module_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_unused_warm_slots_set, (wasmtime_pooling_allocation_config_t *pool, uint32_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_memory_size_set, (wasmtime_pooling_allocation_config_t *pool, size_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_table_elements_set, (wasmtime_pooling_allocation_config_t *pool, size_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_linear_memory_keep_resident_set, (wasmtime_pooling_allocation_config_t *pool, size_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_table_keep_resident_set, (wasmtime_pooling_allocation_config_t *pool, size_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_core_instance_size_set, (wasmtime_pooling_allocation_config_t *pool, size_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_config_max_component_instance_size_set, (wasmtime_pooling_allocation_config_t *pool, size_t value), (pool, value)) \
  F(void, wasmtime_pooling_allocation_strategy_set, (wasm_config_t *config, const wasmtime_pooling_allocation_config_t *pool), (config, pool))

// Engine, modules, errors
#define CWASMTIME_ENGINE_MODULES_ERRORS(F) \
  F(wasm_engine_t *, wasm_engine_new_with_config, (wasm_config_t *config), (config)) \
  F(void, wasm_engine_delete, (wasm_engine_t *engine), (engine)) \
  F(void, wasmtime_engine_increment_epoch, (wasm_engine_t *engine), (engine)) \
  F(wasmtime_error_t *, wasmtime_wat2wasm, (const char *text, size_t size, wasm_byte_vec_t *module), (text, size, module)) \
  F(wasmtime_error_t *, wasmtime_module_validate, (wasm_engine_t *engine, const uint8_t *bytes, size_t size), (engine, bytes, size)) \
  F(wasmtime_error_t *, wasmtime_module_new, (wasm_engine_t *engine, const uint8_t *bytes, size_t size, wasmtime_module_t **module), (engine, bytes, size, module)) \
  F(void, wasmtime_module_delete, (wasmtime_module_t *module), (module)) \
  F(wasmtime_error_t *, wasmtime_module_serialize, (wasmtime_module_t *module, wasm_byte_vec_t *bytes), (module, bytes)) \
  F(wasmtime_error_t *, wasmtime_module_deserialize_file, (wasm_engine_t *engine, const char *path, wasmtime_module_t **module), (engine, path, module)) \
  F(void, wasmtime_error_message, (const wasmtime_error_t *error, wasm_name_t *message), (error, message)) \
  F(void, wasmtime_error_delete, (wasmtime_error_t *error), (error)) \
  F(wasmtime_error_t *, wasmtime_error_new, (const char *message), (message)) \
  F(wasm_trap_t *, wasmtime_trap_new, (const char *message, size_t size), (message, size)) \
  F(bool, wasmtime_trap_code, (const wasm_trap_t *trap, uint8_t *code), (trap, code)) \
  F(void, wasm_trap_message, (const wasm_trap_t *trap, wasm_byte_vec_t *message), (trap, message)) \
  F(void, wasm_trap_delete, (wasm_trap_t *trap), (trap)) \
  F(void, wasm_byte_vec_new, (wasm_byte_vec_t *bytes, size_t size, const uint8_t *source), (bytes, size, source)) \
  F(void, wasm_byte_vec_new_uninitialized, (wasm_byte_vec_t *bytes, size_t size), (bytes, size)) \
  F(void, wasm_byte_vec_delete, (wasm_byte_vec_t *bytes), (bytes))

// Types
#define CWASMTIME_TYPES(F) \
  F(wasm_valtype_t *, wasm_valtype_new, (uint8_t kind), (kind)) \
  F(void, wasm_valtype_vec_new, (wasm_valtype_vec_t *types, size_t size, wasm_valtype_t *const *source), (types, size, source)) \
  F(wasm_functype_t *, wasm_functype_new, (wasm_valtype_vec_t *parameters, wasm_valtype_vec_t *results), (parameters, results)) \
  F(void, wasm_functype_delete, (wasm_functype_t *type), (type))

// Stores and instances
#define CWASMTIME_STORES_AND_INSTANCES(F) \
  F(wasmtime_store_t *, wasmtime_store_new, (wasm_engine_t *engine, void *data, cwasmtime_finalizer finalizer), (engine, data, finalizer)) \
  F(void, wasmtime_store_delete, (wasmtime_store_t *store), (store)) \
  F(wasmtime_context_t *, wasmtime_store_context, (wasmtime_store_t *store), (store)) \
  F(void, wasmtime_store_limiter, (wasmtime_store_t *store, int64_t memory_bytes, int64_t table_elements, int64_t instances, int64_t tables, int64_t memories), (store, memory_bytes, table_elements, instances, tables, memories)) \
  F(void, wasmtime_store_epoch_deadline_callback, (wasmtime_store_t *store, cwasmtime_epoch_callback callback, void *data, cwasmtime_finalizer finalizer), (store, callback, data, finalizer)) \
  F(void, wasmtime_context_set_epoch_deadline, (wasmtime_context_t *context, uint64_t ticks), (context, ticks)) \
  F(wasmtime_error_t *, wasmtime_context_set_fuel, (wasmtime_context_t *context, uint64_t fuel), (context, fuel)) \
  F(wasmtime_error_t *, wasmtime_context_get_fuel, (const wasmtime_context_t *context, uint64_t *fuel), (context, fuel)) \
  F(void *, wasmtime_context_get_data, (const wasmtime_context_t *context), (context)) \
  F(wasmtime_linker_t *, wasmtime_linker_new, (wasm_engine_t *engine), (engine)) \
  F(void, wasmtime_linker_delete, (wasmtime_linker_t *linker), (linker)) \
  F(wasmtime_error_t *, wasmtime_linker_define_func_unchecked, (wasmtime_linker_t *linker, const char *module, size_t module_size, const char *name, size_t name_size, const wasm_functype_t *type, wasmtime_func_unchecked_callback_t callback, void *data, cwasmtime_finalizer finalizer), (linker, module, module_size, name, name_size, type, callback, data, finalizer)) \
  F(wasmtime_error_t *, wasmtime_linker_instantiate_pre, (const wasmtime_linker_t *linker, const wasmtime_module_t *module, wasmtime_instance_pre_t **pre), (linker, module, pre)) \
  F(wasmtime_error_t *, wasmtime_instance_pre_instantiate, (const wasmtime_instance_pre_t *pre, wasmtime_context_t *context, wasmtime_instance_t *instance, wasm_trap_t **trap), (pre, context, instance, trap)) \
  F(void, wasmtime_instance_pre_delete, (wasmtime_instance_pre_t *pre), (pre)) \
  F(bool, wasmtime_instance_export_get, (wasmtime_context_t *context, const wasmtime_instance_t *instance, const char *name, size_t size, wasmtime_extern_t *item), (context, instance, name, size, item)) \
  F(bool, wasmtime_caller_export_get, (wasmtime_caller_t *caller, const char *name, size_t size, wasmtime_extern_t *item), (caller, name, size, item)) \
  F(wasmtime_context_t *, wasmtime_caller_context, (wasmtime_caller_t *caller), (caller)) \
  F(wasmtime_error_t *, wasmtime_func_call, (wasmtime_context_t *context, const wasmtime_func_t *function, const wasmtime_val_t *arguments, size_t argument_count, wasmtime_val_t *results, size_t result_count, wasm_trap_t **trap), (context, function, arguments, argument_count, results, result_count, trap)) \
  F(uint8_t *, wasmtime_memory_data, (const wasmtime_context_t *context, const wasmtime_memory_t *memory), (context, memory)) \
  F(size_t, wasmtime_memory_data_size, (const wasmtime_context_t *context, const wasmtime_memory_t *memory), (context, memory)) \
  F(wasmtime_error_t *, wasmtime_memory_grow, (wasmtime_context_t *context, const wasmtime_memory_t *memory, uint64_t pages, uint64_t *previous), (context, memory, pages, previous))

// Components
#define CWASMTIME_COMPONENTS(F) \
  F(wasmtime_error_t *, wasmtime_component_new, (wasm_engine_t *engine, const uint8_t *bytes, size_t size, wasmtime_component_t **component), (engine, bytes, size, component)) \
  F(void, wasmtime_component_delete, (wasmtime_component_t *component), (component)) \
  F(wasmtime_error_t *, wasmtime_component_serialize, (const wasmtime_component_t *component, wasm_byte_vec_t *bytes), (component, bytes)) \
  F(wasmtime_error_t *, wasmtime_component_deserialize_file, (wasm_engine_t *engine, const char *path, wasmtime_component_t **component), (engine, path, component)) \
  F(wasmtime_component_type_t *, wasmtime_component_type, (const wasmtime_component_t *component), (component)) \
  F(void, wasmtime_component_type_delete, (wasmtime_component_type_t *type), (type)) \
  F(size_t, wasmtime_component_type_import_count, (const wasmtime_component_type_t *type, const wasm_engine_t *engine), (type, engine)) \
  F(bool, wasmtime_component_type_import_nth, (const wasmtime_component_type_t *type, const wasm_engine_t *engine, size_t index, const char **name, size_t *size, wasmtime_component_extern_t **item), (type, engine, index, name, size, item)) \
  F(size_t, wasmtime_component_type_export_count, (const wasmtime_component_type_t *type, const wasm_engine_t *engine), (type, engine)) \
  F(bool, wasmtime_component_type_export_nth, (const wasmtime_component_type_t *type, const wasm_engine_t *engine, size_t index, const char **name, size_t *size, wasmtime_component_extern_t **item), (type, engine, index, name, size, item)) \
  F(void, wasmtime_component_extern_delete, (wasmtime_component_extern_t *item), (item)) \
  F(wasmtime_component_export_index_t *, wasmtime_component_get_export_index, (const wasmtime_component_t *component, const wasmtime_component_export_index_t *instance, const char *name, size_t size), (component, instance, name, size)) \
  F(void, wasmtime_component_export_index_delete, (wasmtime_component_export_index_t *index), (index)) \
  F(wasmtime_component_linker_t *, wasmtime_component_linker_new, (wasm_engine_t *engine), (engine)) \
  F(void, wasmtime_component_linker_delete, (wasmtime_component_linker_t *linker), (linker)) \
  F(wasmtime_component_linker_instance_t *, wasmtime_component_linker_root, (wasmtime_component_linker_t *linker), (linker)) \
  F(void, wasmtime_component_linker_instance_delete, (wasmtime_component_linker_instance_t *instance), (instance)) \
  F(wasmtime_error_t *, wasmtime_component_linker_instance_add_instance, (wasmtime_component_linker_instance_t *instance, const char *name, size_t size, wasmtime_component_linker_instance_t **added), (instance, name, size, added)) \
  F(wasmtime_error_t *, wasmtime_component_linker_instance_add_func, (wasmtime_component_linker_instance_t *instance, const char *name, size_t size, wasmtime_component_func_callback_t callback, void *data, cwasmtime_finalizer finalizer), (instance, name, size, callback, data, finalizer)) \
  F(wasmtime_error_t *, wasmtime_component_linker_instantiate, (const wasmtime_component_linker_t *linker, wasmtime_context_t *context, const wasmtime_component_t *component, wasmtime_component_instance_t *instance), (linker, context, component, instance)) \
  F(bool, wasmtime_component_instance_get_func, (const wasmtime_component_instance_t *instance, wasmtime_context_t *context, const wasmtime_component_export_index_t *index, wasmtime_component_func_t *function), (instance, context, index, function)) \
  F(wasmtime_error_t *, wasmtime_component_func_call, (const wasmtime_component_func_t *function, wasmtime_context_t *context, const wasmtime_component_val_t *arguments, size_t argument_count, wasmtime_component_val_t *results, size_t result_count), (function, context, arguments, argument_count, results, result_count)) \
  F(void, wasmtime_component_val_delete, (wasmtime_component_val_t *value), (value)) \
  F(void, wasmtime_component_vallist_new_uninit, (wasmtime_component_vallist_t *list, size_t size), (list, size)) \
  F(wasmtime_component_val_t *, wasmtime_component_val_new, (wasmtime_component_val_t *value), (value))

#define CWASMTIME_FUNCTIONS(F) \
  CWASMTIME_CONFIGURATION(F) \
  CWASMTIME_ENGINE_MODULES_ERRORS(F) \
  CWASMTIME_TYPES(F) \
  CWASMTIME_STORES_AND_INSTANCES(F) \
  CWASMTIME_COMPONENTS(F)
