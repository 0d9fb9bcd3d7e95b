import Domain

extension PostgreSQLConnection {
  /// What a read-only transaction does not stop, and what would be left if it did not hold: a role with more rights
  /// than to read.
  func judgesRights(_ stop: StopSignal) throws(QueryError) -> ConnectionTest.Finding {
    let row = try run(Query(Self.rights), stop).row(0)
    let role = row[0].text
    var warnings: [String] = []
    if row[1] == .boolean(true) {
      warnings.append("\(role) is a superuser: its queries can read the server's files and end other sessions.")
    } else {
      if !row[2].text.isEmpty {
        warnings.append("\(role) has \(row[2].text): its queries can reach the server's files.")
      }
      if row[3] != .null {
        warnings.append("\(role) may write: it owns, or may change, \(row[3].text) and maybe other tables.")
      }
    }
    if row[4] == .boolean(true) {
      warnings.append(
        "\(role) may call dblink: a query that holds a password can open a session through it that is not read-only.")
    }
    if warnings.isEmpty { return (.passed, "\(role) is an ordinary role, which may change no table.") }
    let advice =
      row[1] == .boolean(true) || row[3] != .null || !row[2].text.isEmpty
      ? "Use a role that may only read the tables." : "Revoke EXECUTE on its functions from PUBLIC."
    return (.warned, (warnings + [advice]).joined(separator: " "))
  }

  /// One row: the role, whether it is a superuser, its roles that reach the server's files, a table that it may change,
  /// as itself or by SET ROLE, and whether it may call `dblink`.
  private static let rights = """
    SELECT current_user::text,
           coalesce((SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user), false),
           coalesce((SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM pg_catalog.pg_roles
             WHERE rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
               AND pg_catalog.pg_has_role(oid, 'USAGE')), ''),
           (SELECT c.oid::pg_catalog.regclass::text
              FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
               AND (pg_catalog.pg_has_role(c.relowner, 'MEMBER')
                 OR EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'MEMBER')
                   AND (pg_catalog.has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                     OR pg_catalog.has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE'))))
             ORDER BY c.oid LIMIT 1),
           EXISTS (SELECT 1 FROM pg_catalog.pg_extension AS e
             JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
               AND d.refobjid = e.oid AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
             JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
            WHERE e.extname = 'dblink' AND p.proname IN ('dblink', 'dblink_exec', 'dblink_connect')
              AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE'))
    """
}
