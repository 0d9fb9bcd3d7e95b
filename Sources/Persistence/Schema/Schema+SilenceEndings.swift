import GRDB

extension Schema {
  /// The end that a silence has told of before it came, and the notice of it for actions that delivered all notices.
  static func silenceEndings(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE silence ADD COLUMN told_end REAL;
        UPDATE action SET document = json_insert(document, '$.notices[#]', 'silence_ending')
          WHERE (SELECT count(*) FROM json_each(action.document, '$.notices')) = 6;
        """)
  }
}
