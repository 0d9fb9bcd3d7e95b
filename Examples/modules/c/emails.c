#include "checker.h"

enum { allowed = 1 };

CHECKER_EXPORT(check) void check(void) {
  int32_t users = checker_open("users");
  int32_t email = checker_column(users, "email");
  if (email < 0) {
    checker_fail("users have no column 'email'");
    return;
  }
  int missing = 0;
  while (checker_next_row(users)) missing += checker_is_null(users, email);
  if (missing > allowed) {
    checker_fail("more than one user has no email");
  } else {
    checker_ok("at most one user has no email");
  }
}
