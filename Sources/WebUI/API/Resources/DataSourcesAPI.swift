import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/data-sources`.
enum DataSourcesAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/data-sources", "listDataSources", "data sources", "Every data source, by name",
      query: QueryParameter.paging, content: .json(Schema.page(Schema.ref("DataSource")))
    ) { call in
      let sources = try await call.store.dataSources()
      let outages = try await call.store.outages()
      return try APIPage.of(sources, call, key: \.name) { json($0, outages) }.answer
    },
    Endpoint(
      .post, "/data-sources", "createDataSource", "data sources", "Add a data source", body: .json("DataSource"),
      status: .created, content: .json(Schema.ref("DataSource")), problems: [.conflict],
      isVersioned: true
    ) { call in
      let source = try restored(try read(call))
      try await call.service.save(source, replacing: nil)
      return .created(JSONValue(source), at: ["data-sources", source.name]).tagged(Fingerprint.of(source))
    },
    Endpoint(
      .get, "/data-sources/{name}", "getDataSource", "data sources", "One data source",
      content: .json(Schema.ref("DataSource")), isVersioned: true
    ) { call in
      let source = try await stored(call)
      return .json(json(source, try await call.store.outages())).tagged(Fingerprint.of(source))
    },
    Endpoint(
      .put, "/data-sources/{name}", "replaceDataSource", "data sources",
      "Replace a data source; another name renames it", body: .json("DataSource"),
      content: .json(Schema.ref("DataSource")), problems: [.conflict], isVersioned: true
    ) { call in
      let old = try await stored(call)
      try call.requireMatch(Fingerprint.of(old), of: "The data source '\(old.name)'")
      let source = try restored(try read(call, name: old.name), old)
      try await call.service.save(source, replacing: old.name, expected: call.ifMatch == nil ? nil : old)
      return .json(JSONValue(source)).tagged(Fingerprint.of(source))
    },
    Endpoint(
      .delete, "/data-sources/{name}", "deleteDataSource", "data sources", "Delete a data source that no dataset uses",
      status: .noContent, content: .none, problems: [.conflict]
    ) { call in
      try await call.service.deleteDataSource(call.name())
      return .nothing
    },
    Endpoint(
      .post, "/data-sources/{name}/test", "testDataSource", "data sources",
      "Connect afresh and say, step by step, what works", content: .json(Schema.ref("ConnectionTest"))
    ) { call in
      .json(JSONValue(await call.service.test(try await stored(call))))
    },
    Endpoint(
      .post, "/data-sources/test", "testUnsavedDataSource", "data sources",
      "Connect with settings that need not be saved", body: .json("DataSource"),
      content: .json(Schema.ref("ConnectionTest"))
    ) { call in
      let source = try read(call, name: "unsaved")
      let complete = try restored(source, try await call.store.dataSource(source.name))
      let problems = CheckerService.problems(with: complete)
      if !problems.isEmpty { throw WebProblem.fields(problems) }
      return .json(JSONValue(await call.service.test(complete)))
    },
    Endpoint(
      .get, "/data-sources/{name}/tables", "listTables", "data sources", "The tables and views that can be read",
      content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("Table")))]))
    ) { call in
      let tables = try await call.service.tables(of: call.name())
      return .json(["items": .array(tables.map { JSONValue($0) })])
    },
  ]

  private static func stored(_ call: APICall) async throws -> DataSource {
    guard let source = try await call.store.dataSource(call.name()) else {
      throw WebProblem.notFound("There is no data source '\(call.name())'.")
    }
    return source
  }

  private static func json(_ source: DataSource, _ outages: [Outage]) -> JSONValue {
    JSONValue(source).setting("down", outages.of(.dataSource(source.name)))
  }

  private static func read(_ call: APICall, name: String? = nil) throws -> DataSource {
    try call.document { json throws(CheckFileError) in
      try JSONDocument.dataSource(json.removing(["down"]), name: name)
    }
  }

  private static func restored(_ source: DataSource, _ stored: DataSource? = nil) throws -> DataSource {
    try DataSourceSecrets.restored(source, from: stored)
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "DataSource",
      Schema.object([
        Schema.required("name", Shared.name),
        Schema.required("driver", Schema.choice(Driver.allCases.map(\.rawValue))),
        Schema.optional(
          "uri",
          Schema.text(
            "Where the database is. `${NAME}` stands for a variable of the environment. Needed for all but `adbc`.")),
        Schema.optional("description", Schema.text()),
        Schema.optional(
          "timeout", ["type": "number", "minimum": .number("0.1"), "maximum": 3600, "description": "Seconds per query"]),
        Schema.optional("max_rows", Schema.integer("Rows brought over per query", in: 1...10_000_000)),
        Schema.optional("max_bytes", Schema.integer("Bytes of values brought over per query").setting("minimum", 1)),
        Schema.optional("max_connections", Schema.integer("Open at once", in: 1...64)),
        Schema.optional(
          "options",
          Schema.map(Schema.text(), "For `adbc`: `library`, `entrypoint`, `dialect`, and what the driver itself takes")),
        OutageJSON.schema("down", "It cannot be reached; only answered"),
      ])
    ),
    (
      "ConnectionTest",
      Schema.object([
        Schema.required("passed", Schema.boolean("No step failed")),
        Schema.required(
          "steps",
          Schema.list(
            Schema.object([
              Schema.required("title", Schema.text()),
              Schema.required("verdict", Schema.choice(["passed", "warned", "failed"])),
              Schema.required("detail", Schema.text("What was found, or how to mend it")),
              Schema.required("milliseconds", Schema.number()),
            ]))),
      ])
    ),
    (
      "Table",
      Schema.object([
        Schema.required("name", Schema.text("As one writes it in SQL")),
        Schema.required("columns", Schema.list(Schema.ref("Column"))),
      ])
    ),
    (
      "Column",
      Schema.object([
        Schema.required("name", Schema.text()), Schema.required("type", Schema.text("What the values mean")),
        Schema.required("database_type", Schema.text("What the database calls it")),
      ])
    ),
  ]
}
