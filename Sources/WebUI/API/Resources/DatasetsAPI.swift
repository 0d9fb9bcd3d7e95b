import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/datasets`.
enum DatasetsAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/datasets", "listDatasets", "datasets", "Datasets, by namespace and name",
      query: [
        QueryParameter("namespace", "Only those of this namespace."),
        QueryParameter("data_source", "Only those on this data source."),
      ] + QueryParameter.paging, content: .json(Schema.page(Schema.ref("Dataset")))
    ) { call in
      let (namespace, source) = (call.value("namespace"), call.value("data_source"))
      let datasets = try await call.store.datasets().filter { dataset in
        (namespace.map { $0 == dataset.id.namespace } ?? true) && (source.map { $0 == dataset.dataSource } ?? true)
      }
      return try APIPage.of(datasets, call, key: \.id.sortKey) { JSONValue($0) }.answer
    },
    Endpoint(
      .post, "/datasets", "createDataset", "datasets", "Add a dataset", body: .json("Dataset"), status: .created,
      content: .json(Schema.ref("Dataset")), problems: [.conflict], isVersioned: true
    ) { call in
      let dataset = try call.document { json throws(CheckFileError) in try JSONDocument.dataset(json) }
      try await call.service.saveUsable(dataset, replacing: nil)
      return .created(JSONValue(dataset), at: ["datasets", dataset.id.namespace, dataset.id.name])
        .tagged(Fingerprint.of(dataset))
    },
    Endpoint(
      .get, "/datasets/{namespace}/{name}", "getDataset", "datasets", "One dataset",
      content: .json(Schema.ref("Dataset")), isVersioned: true
    ) { call in
      let dataset = try await stored(call)
      return .json(JSONValue(dataset)).tagged(Fingerprint.of(dataset))
    },
    Endpoint(
      .put, "/datasets/{namespace}/{name}", "replaceDataset", "datasets",
      "Replace a dataset; another name renames it", body: .json("Dataset"), content: .json(Schema.ref("Dataset")),
      problems: [.conflict], isVersioned: true
    ) { call in
      let old = try await stored(call)
      try call.requireMatch(Fingerprint.of(old), of: "The dataset '\(old.id)'")
      let dataset = try call.document { json throws(CheckFileError) in try JSONDocument.dataset(json, id: old.id) }
      try await call.service.saveUsable(dataset, replacing: old.id, expected: call.ifMatch == nil ? nil : old)
      return .json(JSONValue(dataset)).tagged(Fingerprint.of(dataset))
    },
    Endpoint(
      .delete, "/datasets/{namespace}/{name}", "deleteDataset", "datasets", "Delete a dataset that no rule names",
      status: .noContent, content: .none, problems: [.conflict]
    ) { call in
      try await call.service.deleteDataset(call.id)
      return .nothing
    },
    Endpoint(
      .get, "/datasets/{namespace}/{name}/columns", "listColumns", "datasets", "The columns of a dataset",
      content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("Column")))]))
    ) { call in
      let dataset = try await stored(call)
      let columns = await call.service.columns(of: dataset.id.description, namespace: dataset.id.namespace)
      return .json(["items": .array(columns.map { JSONValue($0) })])
    },
    Endpoint(
      .post, "/datasets/preview", "previewDataset", "datasets", "Run a query for its first rows; nothing is saved",
      body: .json("DatasetPreviewRequest"), content: .json(Schema.ref("DatasetPreview")), problems: [.notFound]
    ) { call in
      let fields = try call.fields(["data_source", "sql", "rows"])
      let source = fields.requiredText("data_source")
      let sql = fields.requiredText("sql")
      let rows = fields.integer("rows") ?? CheckerService.previewRows
      if !previewSizes.contains(rows) {
        fields.problem("rows", "must be from \(previewSizes.lowerBound) to \(previewSizes.upperBound), not \(rows)")
      }
      try call.finish(fields)
      return .json(JSONValue(try await call.service.preview(sql ?? "", on: source ?? "", rows: rows)))
    },
  ]

  private static let previewSizes = 1...1000

  private static func stored(_ call: APICall) async throws -> Dataset {
    guard let dataset = try await call.store.dataset(call.id) else {
      throw WebProblem.notFound("There is no dataset '\(call.id)'.")
    }
    return dataset
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Dataset",
      Schema.object([
        Schema.optional("namespace", Shared.namespace), Schema.required("name", Shared.name),
        Schema.required("data_source", Schema.text("The name of a data source").setting("minLength", 1)),
        Schema.required("sql", Schema.text("One query, which only reads").setting("minLength", 1)),
        Schema.optional("description", Schema.text()),
      ])
    ),
    (
      "DatasetPreviewRequest",
      Schema.object([
        Schema.required("data_source", Schema.text("The name of a data source").setting("minLength", 1)),
        Schema.required("sql", Schema.text().setting("minLength", 1)),
        Schema.optional(
          "rows", Schema.integer("How many rows, at most", in: previewSizes, standard: CheckerService.previewRows)),
      ])
    ),
    (
      "DatasetPreview",
      Schema.object([
        Schema.required("columns", Schema.list(Schema.ref("Column"))),
        Schema.required("rows", Schema.list(Schema.list([:]), "A value per column")),
        Schema.required(
          "total", Schema.orNull(Schema.integer("Of the whole query; null when counting took too long"))),
        Schema.required("is_truncated", Schema.boolean("There are more rows than are shown")),
        Schema.required("milliseconds", Schema.number()),
      ])
    ),
  ]
}

extension QualifiedName {
  /// Sorts by namespace, then name: no name holds U+0001.
  var sortKey: String { "\(namespace)\u{1}\(name)" }
}
