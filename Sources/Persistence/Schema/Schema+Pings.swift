import GRDB

extension Schema {
  /// The secret part of the address that the job of a heartbeat reports to, and when that job said it had begun.
  static func pings(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE checker ADD COLUMN ping_token TEXT;
        ALTER TABLE checker ADD COLUMN ping_started_at REAL;
        CREATE UNIQUE INDEX checker_ping ON checker (ping_token) WHERE ping_token IS NOT NULL;
        """)
  }
}
