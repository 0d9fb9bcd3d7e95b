import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/overview` and `/namespaces`.
enum OverviewAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/overview", "getOverview", "overview", "How all checkers stand", query: [.limit],
      content: .json(Schema.ref("Overview"))
    ) { call in
      let filter = OverviewFilter(attentionLimit: try call.limit(), perNamespaceLimit: 0, at: call.now)
      let overview = try await call.store.overview(filter)
      return .json([
        "counts": JSONValue(overview.counts),
        "attention": .array(overview.attention.map { JSONValue($0, at: call.now) }),
        "attention_total": .integer(overview.attentionTotal),
        "namespaces": .array(overview.groups.map { namespace($0.namespace, $0.counts) }),
        "tags": .strings(overview.facets.tags), "owners": .strings(overview.facets.owners),
      ])
    },
    Endpoint(
      .get, "/namespaces", "listNamespaces", "overview", "Namespaces that have checkers, by name",
      query: QueryParameter.paging, content: .json(Schema.page(Schema.ref("Namespace")))
    ) { call in
      let namespaces = try await call.store.namespaces(at: call.now)
      return try APIPage.of(namespaces, call, key: \.name) { namespace($0.name, $0.counts) }.answer
    },
  ]

  private static func namespace(_ name: String, _ counts: [DisplayState: Int]) -> JSONValue {
    ["name": .string(name), "counts": JSONValue(counts)]
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Overview",
      Schema.object([
        Schema.required("counts", Schema.ref("StateCounts")),
        Schema.required(
          "attention", Schema.list(Schema.ref("Checker"), "Red and erroring ones, the worst first; at most `limit`")),
        Schema.required("attention_total", Schema.integer()),
        Schema.required("namespaces", Schema.list(Schema.ref("Namespace"))),
        Schema.required("tags", Schema.texts("Every tag in use")),
        Schema.required("owners", Schema.texts("Every owner")),
      ])
    ),
    (
      "Namespace",
      Schema.object([
        Schema.required("name", Schema.text()), Schema.required("counts", Schema.ref("StateCounts")),
      ])
    ),
    (
      "StateCounts",
      Schema.object(
        DisplayState.allCases.map { Schema.required($0.rawValue, Schema.integer()) },
        "How many checkers are in each state")
    ),
  ]
}
