// The promises of a run that may still be pending. What waits for one of them at the end was never carried out.
static struct {
  JSValue *promises;
  size_t count, room;
} unsettled;

static void drop_settled(JSContext *c) {
  size_t left = 0;
  for (size_t i = 0; i < unsettled.count; i++) {
    JSValue promise = unsettled.promises[i];
    if (JS_PromiseState(c, promise) == JS_PROMISE_PENDING)
      unsettled.promises[left++] = promise;
    else
      JS_FreeValue(c, promise);
  }
  unsettled.count = left;
}

static void note_promise(
  JSContext *c, JSPromiseHookType type, JSValueConst promise, JSValueConst parent, void *opaque) {
  if (type != JS_PROMISE_HOOK_INIT) return;
  if (unsettled.count == unsettled.room) {
    drop_settled(c);
    if (unsettled.count >= unsettled.room / 2) {
      unsettled.room = unsettled.room ? 2 * unsettled.room : 64;
      unsettled.promises = realloc(unsettled.promises, unsettled.room * sizeof *unsettled.promises);
      if (!unsettled.promises) __builtin_trap();
    }
  }
  unsettled.promises[unsettled.count++] = JS_DupValue(c, promise);
}

static bool has_pending(JSContext *c) {
  drop_settled(c);
  return unsettled.count > 0;
}
