// What Embedded Swift needs of a C library. Memory is never given back: a module runs once.
typedef __SIZE_TYPE__ size_t;

extern unsigned char __heap_base;
static size_t end;

void *malloc(size_t count) {
  if (!end) end = (size_t)&__heap_base;
  size_t start = (end + 15) & ~(size_t)15;
  size_t have = __builtin_wasm_memory_size(0) * 65536;
  if (start + count > have &&
      __builtin_wasm_memory_grow(0, (start + count - have + 65535) / 65536) == (size_t)-1)
    __builtin_trap();
  end = start + count;
  return (void *)start;
}
int posix_memalign(void **place, size_t alignment, size_t count) {
  size_t block = (size_t)malloc(count + alignment);
  *place = (void *)((block + alignment - 1) & ~(alignment - 1));
  return 0;
}
void free(void *block) { (void)block; }
void *memcpy(void *to, const void *from, size_t count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size_t count) { return __builtin_memmove(to, from, count); }
void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }
int memcmp(const void *left, const void *right, size_t count) {
  const unsigned char *a = left, *b = right;
  for (; count; count--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}
// Seeds hash tables: the same on every run.
void arc4random_buf(void *to, size_t count) { __builtin_memset(to, 4, count); }
int putchar(int character) { return character; }
size_t __stack_chk_guard = 0x595e9fbd;
void __stack_chk_fail(void) { __builtin_trap(); }
