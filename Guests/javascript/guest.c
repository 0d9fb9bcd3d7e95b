// The JavaScript guest: QuickJS with our functions around it. It imports only module `host`; what the C library asks of
// an operating system is answered in here.
//
// Replies of any length come in two steps: a function of the host returns the number of bytes, `take` copies them.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "quickjs.h"

#define HOST(name) __attribute__((import_module("host"), import_name(#name))) extern

HOST(context) int host_context(void);
HOST(history) int host_history(void);
HOST(source) int host_source(void);
HOST(file_name) int host_file_name(void);
HOST(is_trial) int host_is_trial(void);
HOST(library) int host_library(const char *name, int length);
HOST(dataset) int host_dataset(const char *name, int length);
HOST(column) int host_column(const char *name, int length, int index);
HOST(measure) int host_measure(const char *, int, const char *expression, int, const char *filter, int);
HOST(take) void host_take(void *target);
HOST(report) void host_report(const char *json, int length);
HOST(trouble) void host_trouble(const char *json, int length);
HOST(log) int host_log(const char *text, int length);

#include "prelude.h" // const unsigned char prelude[], prelude_size

// How deep JavaScript may call itself is limited here, well before the engine's own stack is used up, so that a script
// meets a RangeError that it can understand.
enum { deepest_stack = 96 * 1024 };

static int64_t frozen_clock; // nanoseconds since 1970
static JSRuntime *runtime;
static JSContext *context;
static JSValue library; // what the prelude made
static JSValue find;    // its function from a file name to a source
static char *ballast;   // thrown off when memory has run out, so that there is some to say so

static char *taken(int size) {
  char *bytes = malloc((size_t)size + 1);
  if (!bytes) __builtin_trap();
  host_take(bytes);
  bytes[size] = 0;
  return bytes;
}

static JSValue taken_text(JSContext *context, int size) {
  char *bytes = taken(size);
  JSValue text = JS_NewStringLen(context, bytes, (size_t)size);
  free(bytes);
  return text;
}

// Memory as usual; that there was none is remembered, for a script may catch the error and go on as if nothing was.
static bool ran_out;

static void *noted(void *memory, size_t size) {
  if (!memory && size) ran_out = true;
  return memory;
}
static void *guest_calloc(void *opaque, size_t count, size_t size) { return noted(calloc(count, size), count * size); }
static void *guest_malloc(void *opaque, size_t size) { return noted(malloc(size), size); }
static void *guest_realloc(void *opaque, void *memory, size_t size) { return noted(realloc(memory, size), size); }
static void guest_free(void *opaque, void *memory) { free(memory); }

static size_t guest_usable_size(const void *memory) { return 0; }

static const JSMallocFunctions memory_functions = {
  .js_calloc = guest_calloc, .js_malloc = guest_malloc, .js_free = guest_free, .js_realloc = guest_realloc,
  .js_malloc_usable_size = guest_usable_size};

// Functions for the prelude. A wrong argument is an exception; the host checks everything again.

static JSValue js_context(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  return taken_text(c, host_context());
}

static JSValue js_source(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  return taken_text(c, host_source());
}

static JSValue js_history(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  return taken_text(c, host_history());
}

typedef int (*named_call)(const char *, int);

static JSValue with_name(JSContext *c, JSValueConst argument, named_call call) {
  size_t length;
  const char *name = JS_ToCStringLen(c, &length, argument);
  if (!name) return JS_EXCEPTION;
  int size = call(name, (int)length);
  JS_FreeCString(c, name);
  return taken_text(c, size);
}

static JSValue js_library(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  return with_name(c, a[0], host_library);
}

static JSValue js_dataset(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  return with_name(c, a[0], host_dataset);
}

static JSValue js_column(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  int index;
  size_t length;
  if (JS_ToInt32(c, &index, a[1])) return JS_EXCEPTION;
  const char *name = JS_ToCStringLen(c, &length, a[0]);
  if (!name) return JS_EXCEPTION;
  int size = host_column(name, (int)length, index);
  JS_FreeCString(c, name);
  return JS_NewArrayBuffer(c, (uint8_t *)taken(size), (size_t)size, 0, NULL, NULL, false);
}

static JSValue js_measure(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  size_t lengths[3];
  const char *texts[3] = {0};
  JSValue result = JS_EXCEPTION;
  for (int i = 0; i < 3; i++)
    if (!(texts[i] = JS_ToCStringLen(c, &lengths[i], a[i]))) goto out;
  result = taken_text(
    c, host_measure(texts[0], (int)lengths[0], texts[1], (int)lengths[1], texts[2], (int)lengths[2]));
out:
  for (int i = 0; i < 3; i++)
    if (texts[i]) JS_FreeCString(c, texts[i]);
  return result;
}

static JSValue js_report(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  size_t length;
  const char *json = JS_ToCStringLen(c, &length, a[0]);
  if (!json) return JS_EXCEPTION;
  host_report(json, (int)length);
  JS_FreeCString(c, json);
  return JS_UNDEFINED;
}

static JSValue js_log(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  size_t length;
  const char *text = JS_ToCStringLen(c, &length, a[0]);
  if (!text) return JS_EXCEPTION;
  int more = host_log(text, (int)length);
  JS_FreeCString(c, text);
  return JS_NewBool(c, more != 0);
}

// The part of a buffer that `size` bytes from `start` on are, or NULL with an exception.
static const uint8_t *part(JSContext *c, JSValueConst *a, uint64_t unit, uint32_t *count, size_t *rest) {
  size_t size;
  uint32_t start;
  uint8_t *bytes = JS_GetArrayBuffer(c, &size, a[0]);
  if (!bytes || JS_ToUint32(c, &start, a[1]) || JS_ToUint32(c, count, a[2])) return NULL;
  if (start > size || unit * *count > size - start) {
    JS_ThrowRangeError(c, "out of the buffer");
    return NULL;
  }
  *rest = size - start - (size_t)(unit * *count);
  return bytes + start;
}

typedef JSValue (*reader)(JSContext *c, const uint8_t *bytes, uint32_t index);

static JSValue list(JSContext *c, JSValueConst *a, uint64_t unit, reader read) {
  uint32_t count;
  size_t rest;
  const uint8_t *bytes = part(c, a, unit, &count, &rest);
  if (!bytes) return JS_EXCEPTION;
  JSValue *values = malloc(sizeof *values * (count + 1));
  if (!values) return JS_ThrowOutOfMemory(c);
  for (uint32_t i = 0; i < count; i++) values[i] = read(c, bytes, i);
  JSValue made = JS_NewArrayFrom(c, (int)count, values); // takes the values over
  free(values);
  return made;
}

static JSValue boolean_at(JSContext *c, const uint8_t *bytes, uint32_t index) { return JS_NewBool(c, bytes[index]); }

static JSValue integer_at(JSContext *c, const uint8_t *bytes, uint32_t index) {
  int64_t value = ((const int64_t *)bytes)[index];
  bool is_safe = value > -(1ll << 53) && value < 1ll << 53;
  return is_safe ? JS_NewInt64(c, value) : JS_NewBigInt64(c, value);
}

static JSValue js_booleans(JSContext *c, JSValueConst this, int n, JSValueConst *a) { return list(c, a, 1, boolean_at); }

static JSValue js_integers(JSContext *c, JSValueConst this, int n, JSValueConst *a) { return list(c, a, 8, integer_at); }

// texts(buffer, start, count): of `count + 1` offsets at `start` and the UTF-8 after them, a list of strings.
static JSValue js_texts(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  uint32_t count;
  size_t rest;
  const uint8_t *bytes = part(c, a, 4, &count, &rest);
  if (!bytes) return JS_EXCEPTION;
  const uint32_t *offsets = (const uint32_t *)bytes;
  const char *text = (const char *)(offsets + count + 1);
  JSValue *strings = malloc(sizeof *strings * (count + 1));
  if (!strings) return JS_ThrowOutOfMemory(c);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t from = offsets[i], to = offsets[i + 1];
    strings[i] = from <= to && to + 4ull <= rest ? JS_NewStringLen(c, text + from, to - from)
                                                 : JS_ThrowRangeError(c, "out of the buffer");
    if (JS_IsException(strings[i])) {
      free(strings);
      return JS_EXCEPTION;
    }
  }
  JSValue made = JS_NewArrayFrom(c, (int)count, strings); // takes the strings over
  free(strings);
  return made;
}

// evaluate(source, file name): as a classic script.
static JSValue js_evaluate(JSContext *c, JSValueConst this, int n, JSValueConst *a) {
  size_t length;
  const char *source = JS_ToCStringLen(c, &length, a[0]);
  const char *name = source ? JS_ToCString(c, a[1]) : NULL;
  JSValue result = name ? JS_Eval(c, source, length, name, JS_EVAL_TYPE_GLOBAL) : JS_EXCEPTION;
  if (name) JS_FreeCString(c, name);
  if (source) JS_FreeCString(c, source);
  return result;
}

static JSValue host_object(JSContext *c) {
  static const struct {
    const char *name;
    JSCFunction *function;
    int arguments;
  } functions[] = {
    {"context", js_context, 0}, {"history", js_history, 0}, {"library", js_library, 1}, {"dataset", js_dataset, 1},
    {"column", js_column, 2},   {"measure", js_measure, 3}, {"report", js_report, 1},   {"log", js_log, 1},
    {"texts", js_texts, 3},     {"integers", js_integers, 3}, {"booleans", js_booleans, 3},
    {"evaluate", js_evaluate, 2}, {"source", js_source, 0},
  };
  JSValue object = JS_NewObject(c);
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    JSValue function = JS_NewCFunction(c, functions[i].function, functions[i].name, functions[i].arguments);
    JS_SetPropertyStr(c, object, functions[i].name, function);
  }
  return object;
}

// Modules: `checker` is the prelude's, all others are libraries of the namespace.

static char *normalize(JSContext *c, const char *base, const char *name, void *opaque) {
  if (!strncmp(name, "./", 2)) name += 2;
  size_t length = strlen(name);
  if (length > 3 && !strcmp(name + length - 3, ".js")) length -= 3;
  char *plain = js_malloc(c, length + 4);
  if (!plain) return NULL;
  memcpy(plain, name, length);
  memcpy(plain + length, ".js", 4);
  return plain;
}

static JSModuleDef *load(JSContext *c, const char *name, void *opaque) {
  JSValue argument = JS_NewString(c, name);
  JSValue source = JS_Call(c, find, JS_UNDEFINED, 1, &argument);
  JS_FreeValue(c, argument);
  if (JS_IsException(source)) return NULL;
  size_t length;
  const char *text = JS_ToCStringLen(c, &length, source);
  JS_FreeValue(c, source);
  if (!text) return NULL;
  JSValue compiled = JS_Eval(c, text, length, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  JS_FreeCString(c, text);
  if (JS_IsException(compiled)) return NULL;
  JSModuleDef *module = JS_VALUE_GET_PTR(compiled);
  JS_FreeValue(c, compiled);
  return module;
}

// Promises that were rejected and that nothing looks after, in their order.
static struct stray {
  JSValue promise, reason;
} *strays;
static size_t stray_count, stray_room;

static void note_rejection(
  JSContext *c, JSValueConst promise, JSValueConst reason, bool is_handled, void *opaque) {
  if (!is_handled) {
    if (stray_count == stray_room) {
      stray_room = stray_room ? 2 * stray_room : 16;
      strays = realloc(strays, stray_room * sizeof *strays);
      if (!strays) __builtin_trap();
    }
    strays[stray_count++] = (struct stray){JS_DupValue(c, promise), JS_DupValue(c, reason)};
    return;
  }
  for (size_t i = stray_count; i-- > 0;)
    if (JS_VALUE_GET_PTR(strays[i].promise) == JS_VALUE_GET_PTR(promise)) {
      memmove(strays + i, strays + i + 1, (--stray_count - i) * sizeof *strays);
      return;
    }
}

#include "pending.h"

// Called once when the guest is built; what it leaves in memory is what every run starts from.
__attribute__((export_name("prepare"))) void prepare(void) {
  ballast = malloc(1 << 20);
  runtime = JS_NewRuntime2(&memory_functions, NULL);
  JS_SetMaxStackSize(runtime, deepest_stack);
  // A script is short: its memory limit comes before the collector of cycles is worth its time.
  JS_SetGCThreshold(runtime, 64u << 20);
  context = JS_NewContext(runtime);
  JSValue made = JS_Eval(context, (const char *)prelude, prelude_size, "checker.js", JS_EVAL_TYPE_GLOBAL);
  JSValue functions = host_object(context);
  library = JS_Call(context, made, JS_UNDEFINED, 1, &functions);
  if (JS_IsException(library)) __builtin_trap();
  find = JS_GetPropertyStr(context, library, "find");
  JS_SetModuleLoaderFunc(runtime, normalize, load, NULL);
  JS_SetHostPromiseRejectionTracker(runtime, note_rejection, NULL);
  JS_SetPromiseHook(runtime, note_promise, NULL);
}

static JSValue call(const char *name, JSValue argument) {
  JSValue function = JS_GetPropertyStr(context, library, name);
  JSValue answer = JS_Call(context, function, JS_UNDEFINED, 1, &argument);
  JS_FreeValue(context, function);
  return answer;
}

// Lets the prelude say how the script ended; what it answers is the trouble, if there is any.
static void finish(const char *name, JSValue value) {
  free(ballast);
  JSValue answer = call(name, value);
  size_t length;
  const char *json = JS_IsString(answer) ? JS_ToCStringLen(context, &length, answer) : NULL;
  if (json) host_trouble(json, (int)length);
  if (JS_IsException(answer)) {
    static const char broken[] =
      "{\"reason\":\"exception\",\"message\":\"The script changed what the sandbox itself needs.\"}";
    host_trouble(broken, sizeof broken - 1);
  }
}

// What the evaluation of the script, and all that it has left to be done later, came to.
static JSValue outcome(JSValue evaluated) {
  JSContext *other;
  int ran = 1;
  while (!JS_IsException(evaluated) && (ran = JS_ExecutePendingJob(runtime, &other)) > 0) {}
  if (JS_IsException(evaluated) || ran < 0) return JS_EXCEPTION;
  switch (JS_PromiseState(context, evaluated)) {
    case JS_PROMISE_REJECTED: return JS_Throw(context, JS_PromiseResult(context, evaluated));
    case JS_PROMISE_PENDING: return JS_ThrowTypeError(context, "The script waits for something that never happens.");
    default: break;
  }
  if (ran_out) return JS_ThrowOutOfMemory(context);
  if (stray_count) return JS_Throw(context, JS_DupValue(context, strays[0].reason));
  if (!has_pending(context)) return JS_UNDEFINED;
  return JS_ThrowTypeError(
    context, "The script has a promise that nothing ever settles: what waits for it was not carried out.");
}

// The instance ends after it, so nothing is freed.
__attribute__((export_name("check"))) void check(void) {
  int is_trial = host_is_trial();
  int name_size = host_file_name();
  char *name = taken(name_size);
  double milliseconds = 0;
  JS_ToFloat64(context, &milliseconds, call("begin", JS_NewStringLen(context, name, (size_t)name_size)));
  frozen_clock = (int64_t)milliseconds * 1000000;

  int size = host_source();
  char *source = taken(size);
  int flags = JS_EVAL_TYPE_MODULE | (is_trial ? JS_EVAL_FLAG_COMPILE_ONLY : 0);
  JSValue evaluated = JS_Eval(context, source, (size_t)size, name, flags);
  if (!is_trial) evaluated = outcome(evaluated);
  if (JS_IsException(evaluated))
    finish("trouble", JS_GetException(context));
  else
    finish("close", JS_UNDEFINED);
}

// What the C library would ask of WASI. There are no files, no environment, and the clock stands still.

#define WASI(name, ...) int32_t __imported_wasi_snapshot_preview1_##name(__VA_ARGS__)
enum { bad_descriptor = 8 };

WASI(clock_time_get, int32_t id, int64_t precision, int64_t *time) {
  *time = frozen_clock;
  return 0;
}
WASI(clock_res_get, int32_t id, int64_t *resolution) {
  *resolution = 1;
  return 0;
}
WASI(fd_write, int32_t fd, int32_t vectors, int32_t count, int32_t *written) { return bad_descriptor; }
WASI(fd_read, int32_t fd, int32_t vectors, int32_t count, int32_t *read) { return bad_descriptor; }
WASI(fd_close, int32_t fd) { return bad_descriptor; }
WASI(fd_seek, int32_t fd, int64_t offset, int32_t whence, int64_t *position) { return bad_descriptor; }
WASI(fd_fdstat_get, int32_t fd, void *status) { return bad_descriptor; }
WASI(fd_fdstat_set_flags, int32_t fd, int32_t flags) { return bad_descriptor; }
WASI(fd_prestat_get, int32_t fd, void *status) { return bad_descriptor; }
WASI(fd_prestat_dir_name, int32_t fd, void *path, int32_t length) { return bad_descriptor; }
WASI(random_get, uint8_t *bytes, int32_t size) {
  memset(bytes, 4, (size_t)size);
  return 0;
}
WASI(environ_get, void *pointers, void *text) { return 0; }
WASI(environ_sizes_get, int32_t *count, int32_t *size) {
  *count = *size = 0;
  return 0;
}
_Noreturn void __imported_wasi_snapshot_preview1_proc_exit(int32_t code) { __builtin_trap(); }
