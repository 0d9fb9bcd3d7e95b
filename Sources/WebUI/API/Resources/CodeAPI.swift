import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// `/libraries` and `/modules`: what scripts import, and compiled checkers.
enum CodeAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/libraries", "listLibraries", "code", "Libraries, by namespace and file name",
      query: [QueryParameter("namespace", "Only those of this namespace.")],
      content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("Library")))]))
    ) { call in
      let libraries = try await call.store.libraries(namespace: call.value("namespace"))
      return .json(["items": .array(libraries.map { JSONValue($0) })])
    },
    Endpoint(
      .get, "/libraries/{namespace}/{name}", "getLibrary", "code", "One library",
      content: .json(Schema.ref("Library")), isVersioned: true
    ) { call in
      guard let library = try await call.store.library(call.name(), namespace: call.name("namespace")) else {
        throw missing(call)
      }
      return .json(JSONValue(library)).tagged("\(library.version)")
    },
    Endpoint(
      .put, "/libraries/{namespace}/{name}", "putLibrary", "code", "Write a library, such as `business_calendar.py`",
      body: .json("LibraryRequest"), content: .json(Schema.ref("Library")), problems: [.conflict], isVersioned: true
    ) { call in
      let fields = try call.fields(["source"], answered: ["namespace", "name", "version", "author", "saved_at"])
      let source = fields.requiredText("source") ?? ""
      try call.finish(fields)
      guard let (name, language) = Library.parts(of: call.name()) else {
        throw WebProblem.field("name", "must end in .py or .js, as in business_calendar.py")
      }
      let library = Library(namespace: call.name("namespace"), name: name, language: language, source: source)
      let old = try await call.store.library(library.fileName, namespace: library.namespace)?.version
      try call.requireMatch("\(old ?? 0)", of: "The library '\(library.namespace)/\(library.fileName)'")
      try await call.service.save(
        library, expectedVersion: call.ifMatch == nil ? nil : old ?? 0, author: call.author)
      guard let saved = try await call.store.library(library.fileName, namespace: library.namespace) else {
        throw missing(call)
      }
      return .json(JSONValue(saved)).tagged("\(saved.version)")
    },
    Endpoint(
      .delete, "/libraries/{namespace}/{name}", "deleteLibrary", "code", "Delete a library with its versions",
      status: .noContent, content: .none, problems: [.conflict]
    ) { call in
      try await call.service.deleteLibrary(call.name(), namespace: call.name("namespace"))
      return .nothing
    },
    Endpoint(
      .post, "/modules", "uploadModule", "code",
      "Check, compile and keep a WebAssembly module; name its `sha256` in a checker",
      body: .json("ModuleRequest"), status: .created, content: .json(Schema.ref("StoredModule"))
    ) { call in
      let fields = try call.fields(["file_name", "base64"])
      let name = fields.requiredText("file_name") ?? ""
      let text = fields.requiredText("base64") ?? ""
      let bytes = Data(base64Encoded: text, options: .ignoreUnknownCharacters)
      if bytes == nil { fields.problem("base64", "this is not base64") }
      try call.finish(fields)
      let (module, description) = try await call.service.keep(module: Array(bytes ?? Data()), fileName: name)
      return APIAnswer(
        content: .json(
          JSONValue(module).setting("imports", .strings(description.imports))
            .setting("exports", .strings(description.exports))))
    },
  ]

  private static func missing(_ call: APICall) -> WebProblem {
    WebProblem.notFound("There is no library '\(call.name("namespace"))/\(call.name())'.")
  }

  private static let moduleMembers = [
    Schema.required("file_name", Schema.text("As it was uploaded")),
    Schema.required("sha256", Schema.text("Of its bytes, 64 hexadecimal digits")),
    Schema.required("size", Schema.integer("In bytes")),
  ]

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Library",
      Schema.object([
        Schema.required("namespace", Shared.name), Schema.required("name", Schema.text("`business_calendar.py`")),
        Schema.required("source", Schema.text()), Schema.required("version", Schema.integer()),
        Schema.required("author", Schema.text()), Schema.required("saved_at", Schema.time()),
      ])
    ),
    ("LibraryRequest", Schema.object([Schema.required("source", ["type": "string", "minLength": 1])])),
    (
      "ModuleRequest",
      Schema.object([
        Schema.required("file_name", ["type": "string", "minLength": 1]),
        Schema.required("base64", Schema.text("The bytes of a .wasm or .wat file").setting("minLength", 1)),
      ])
    ),
    ("Module", Schema.object(moduleMembers)),
    (
      "StoredModule",
      Schema.object(
        moduleMembers + [Schema.required("imports", Schema.texts()), Schema.required("exports", Schema.texts())])
    ),
    (
      "Script",
      Schema.object([
        Schema.required("language", Schema.choice(ScriptLanguage.allCases.map(\.rawValue))),
        Schema.required("source", ["type": "string", "minLength": 1]),
      ])
    ),
    (
      "Fixture",
      Schema.object([
        Schema.required("name", ["type": "string", "minLength": 1]), Schema.required("expect", Shared.outcome),
        Schema.optional("now", Schema.time("The clock that the code sees; the true one without it")),
        Schema.required(
          "datasets",
          Schema.map(
            Schema.object([
              Schema.required("columns", Schema.texts()),
              Schema.required("rows", Schema.list(Schema.list(["type": ["number", "string", "boolean", "null"]]))),
            ]), "Rows for each dataset that the code asks for")),
      ])
    ),
    (
      "Trouble",
      Schema.object([
        Schema.required("reason", Schema.choice(GuestTrouble.Reason.allCases.map(\.rawValue))),
        Schema.required("message", Schema.text()), Schema.required("traceback", Schema.orNull(Schema.text())),
        Schema.required("line", Schema.orNull(Schema.integer())),
      ])
    ),
    (
      "Cost",
      Schema.object([
        Schema.required(
          "fuel", Schema.orNull(Schema.integer("WebAssembly instructions; null where a time limit ended the count"))),
        Schema.required(
          "memory_bytes", Schema.orNull(Schema.integer("The most that it had; null for Python, which does not tell"))),
        Schema.required("milliseconds", Schema.number()),
        Schema.required("host_calls", Schema.integer()), Schema.required("dataset_bytes", Schema.integer()),
      ])
    ),
  ]

  /// What runs and previews of code say beside their assertions.
  static let outcomeMembers = [
    Schema.required("trouble", Schema.orNull(Schema.described(Schema.ref("Trouble"), "Why code came to no verdict"))),
    Schema.required("cost", Schema.orNull(Schema.ref("Cost"))),
  ]
}

extension JSONValue {
  init(_ trouble: GuestTrouble) {
    self = [
      "reason": .string(trouble.reason.rawValue), "message": .string(trouble.message),
      "traceback": .optional(trouble.traceback), "line": trouble.line.map { .integer($0) } ?? .null,
    ]
  }

  init(_ cost: GuestCost) {
    self = [
      "fuel": cost.fuel == 0 ? .null : .integer(Int(clamping: cost.fuel)),
      "memory_bytes": cost.memoryBytes == 0 ? .null : .integer(cost.memoryBytes),
      "milliseconds": .milliseconds(cost.milliseconds), "host_calls": .integer(cost.hostCalls),
      "dataset_bytes": .integer(cost.datasetBytes),
    ]
  }
}
