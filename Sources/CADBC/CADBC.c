#include "CADBC.h"

#include <dlfcn.h>
#include <string.h>

void *cadbc_open(const char *path, int isGlobal) {
  return dlopen(path, RTLD_LAZY | (isGlobal ? RTLD_GLOBAL : RTLD_LOCAL));
}

void *cadbc_symbol(void *library, const char *name) { return dlsym(library, name); }

const char *cadbc_last_error(void) { return dlerror(); }

AdbcStatusCode cadbc_initialize(void *entryPoint, struct AdbcDriver *driver, struct AdbcError *error) {
  AdbcStatusCode (*initialize)(int, void *, struct AdbcError *);
  // ISO C has no cast from an object pointer to a function pointer; POSIX promises that the bytes mean the same.
  memcpy(&initialize, &entryPoint, sizeof initialize);
  return initialize(CADBC_VERSION_1_1_0, driver, error);
}

struct AdbcError cadbc_new_error(void) {
  struct AdbcError error;
  memset(&error, 0, sizeof error);
  error.vendor_code = CADBC_ERROR_PRIVATE_DATA;
  return error;
}
