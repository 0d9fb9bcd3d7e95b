import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/import` and `/export`: check files.
enum FilesAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .post, "/import", "importFile", "check files",
      "Add what is new in a check file and change what differs; nothing is removed",
      query: [
        QueryParameter(
          "dry_run", "`true`: look for mistakes and tell what would change, and write nothing.",
          Schema.choice(["true", "false"]))
      ], body: .yaml,
      content: .json(Schema.ref("ImportReport")), problems: [.conflict]
    ) { call in
      let declared = try await restored(Declarations(try read(call.text)), call)
      let isTrial = try call.choice("dry_run", Answer.self) == .yes
      let report = try await call.service.apply(declared, author: call.author, isTrial: isTrial)
      if !isTrial { call.site.reportImport(report, by: call.author) }
      return .json([
        "added": .strings(report.added), "changed": .strings(report.changed), "unchanged": .strings(report.unchanged),
        "changes": .array(
          report.changes.map { ["name": .string($0.name), "fields": .strings($0.fields)] }),
      ])
    },
    Endpoint(
      .get, "/export", "exportFile", "check files",
      "A namespace as a check file: its datasets, checkers and libraries, and the data sources and actions that they use",
      query: [
        QueryParameter("namespace", "Which one; `default` when left out."),
        QueryParameter("everything", "`true`: all namespaces, and the routing.", Schema.choice(["true", "false"])),
      ], content: .yaml,
      problems: [.notFound]
    ) { call in
      let isWhole = try call.choice("everything", Answer.self) == .yes
      let scope = isWhole ? ExportScope.everything : .namespace(call.value("namespace") ?? "default")
      return APIAnswer(content: .yaml(try await call.service.export(scope).text))
    },
  ]

  private enum Answer: String, CaseIterable {
    case yes = "true"
    case no = "false"
  }

  private static func read(_ text: String) throws -> [CheckFile] {
    do {
      return try CheckFileReader.readAll(text, file: "request")
    } catch {
      throw WebProblem.fields(
        error.problems.map {
          FieldProblem(field: $0.key, message: "line \($0.line), column \($0.column): \($0.message)")
        })
    }
  }

  /// What another answer of the API has as `***` keeps the secret that is stored.
  private static func restored(_ declared: Declarations, _ call: APICall) async throws -> Declarations {
    var declared = declared
    for (index, source) in declared.dataSources.enumerated() {
      let stored = try await call.store.dataSource(source.name)
      declared.dataSources[index] = try DataSourceSecrets.restored(source, from: stored)
    }
    let secrets = ActionSecrets(call.service.channels.kinds)
    for (index, action) in declared.actions.enumerated() {
      declared.actions[index] = try secrets.restored(action, from: try await call.store.action(action.name))
    }
    return declared
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "ImportReport",
      Schema.object([
        Schema.required("added", Schema.texts("As in `checker shop/emails`")),
        Schema.required("changed", Schema.texts()), Schema.required("unchanged", Schema.texts()),
        Schema.required(
          "changes",
          Schema.list(
            Schema.object([
              Schema.required("name", Schema.text("As under `changed`")),
              Schema.required(
                "fields", Schema.texts("Which keys differ, as in `rules[1].must_be_less_than`; never their values")),
            ]))),
      ])
    )
  ]
}
