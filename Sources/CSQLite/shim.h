#pragma once
#include <sqlite3.h>

// Swift cannot call variadic functions, so what we need of sqlite3_db_config is spelled out.

/// Refuses to change the file by tricks of SQL, and distrusts what the schema of a foreign file calls.
static inline int checker_sqlite3_harden(sqlite3 *database) {
  int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)0);
  // A misspelt column in double quotes is an error, not a text.
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
  return code;
}
