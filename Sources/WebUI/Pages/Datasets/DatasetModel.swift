import Checking
import Domain
import Foundation

/// A dataset as it stands in the form.
struct DatasetForm: Sendable {
  var name = ""
  var namespace = "default"
  var dataSource = ""
  var sql = ""
  var description = ""
  var original: QualifiedName?
  /// The fingerprint of the dataset that was read; empty for one that is new.
  var read = ""

  init() {}

  init(_ dataset: Dataset) {
    name = dataset.id.name
    namespace = dataset.id.namespace
    dataSource = dataset.dataSource
    sql = dataset.sql
    description = dataset.description
    original = dataset.id
    read = Fingerprint.of(dataset)
  }

  init(_ form: FormData) {
    name = form.trimmed("name")
    namespace = form.trimmed("namespace")
    dataSource = form.trimmed("data_source")
    sql = form["sql"]
    description = form.trimmed("description")
    read = form["read"]
    original = form.optional("original").map { QualifiedName($0, defaultNamespace: "default") }
  }

  var dataset: Dataset {
    Dataset(
      id: QualifiedName(namespace: namespace, name: name), dataSource: dataSource, sql: sql, description: description)
  }
}

struct DatasetListModel: Sendable {
  var rows: [Row]
  var query: String
  var isEmpty: Bool
  var hasSources: Bool

  struct Row: Sendable {
    var namespace: String
    var name: String
    var href: String
    var dataSource: String
    var description: String
    var uses: String

    init(_ dataset: Dataset, uses: Int) {
      namespace = dataset.id.namespace
      name = dataset.id.name
      href = Link.dataset(dataset.id)
      dataSource = dataset.dataSource
      description = dataset.description
      self.uses = Words.count(uses, "checker")
    }
  }
}

struct DatasetModel: Sendable {
  var heading: String
  var action: String
  var original: String
  var read: String
  var isStored: Bool
  var banner: FormBanner?
  var name: FormField
  var namespace: FormField
  var namespaces: [String]
  var about: FormField
  var sources: [FormChoice]
  var hasNoSource: Bool
  var sourceProblem: String?
  var sqlProblem: String?
  var editor: DatasetEditor
  var result: DatasetResult?
  var tables: [DatasetTables.Table]
  var tablesProblem: String?
  var uses: [Use]
  /// The query was refused, and may be saved all the same.
  var canForce = false
  var newRule: String
  var delete: String

  struct Use: Sendable {
    var name: String
    var href: String
    var icon: StateIcon

    init(_ stored: StoredChecker, at time: Date) {
      name = stored.checker.id.name
      href = Link.checker(stored.checker.id)
      icon = StateIcon(stored.displayState(at: time))
    }
  }

  init(
    _ form: DatasetForm, sources: [String], tables: TableListing, uses: [Use], namespaces: [String],
    problems: FormProblems, banner: FormBanner?, result: DatasetResult?
  ) {
    heading = form.original?.name ?? "New dataset"
    action = form.original.map(Link.dataset) ?? "/datasets/new"
    original = form.original?.description ?? ""
    read = form.read
    isStored = form.original != nil
    name = FormField(
      "name", "Name", value: form.name, problem: problems.at("name"), placeholder: "users_with_email_null")
    namespace = FormField(
      "namespace", "Namespace", value: form.namespace, problem: problems.at("namespace"), list: "namespaces")
    self.namespaces = namespaces
    about = FormField("description", "What it holds", value: form.description, placeholder: "Users without an email")
    self.sources = FormChoice.all(sources, chosen: form.dataSource, missing: "gone")
    hasNoSource = sources.isEmpty
    sourceProblem = problems.at("data_source")
    sqlProblem = problems.at("sql")
    editor = DatasetEditor(form, tables: tables.tables, mark: result?.mark)
    self.result = result
    let shown = DatasetTables(tables)
    self.tables = shown.tables
    tablesProblem = shown.tablesProblem
    self.uses = uses
    newRule = form.original.map { Link.query("/checkers/new", [("dataset", $0.description)]) } ?? ""
    delete = form.original.map { Link.dataset($0) + "/delete" } ?? ""
    self.banner = banner
    if banner == nil, !problems.isEmpty {
      self.banner = FormBanner("Not saved. \(Words.count(problems.all.count, "thing")) to mend, marked below.")
    }
  }
}

/// The SQL editor, with the mark of an error when there is one.
struct DatasetEditor: Sendable {
  var sql: String
  /// For completion: JSON of tables and their columns.
  var completion: String
  var mark: SQLMark?
  var isMarked: Bool
  /// Swapped in by htmx, away from the fragment.
  var isOutOfBand = false

  /// More tables than these are left out of the completion.
  private static let mostTables = 1000

  init(_ form: DatasetForm, tables: [TableDescription], mark: SQLMark?) {
    sql = form.sql
    let columns = Dictionary(
      tables.prefix(Self.mostTables).map { ($0.name, $0.columns.map(\.name)) }, uniquingKeysWith: { $1 })
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    completion = (try? encoder.encode(columns)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    self.mark = mark
    isMarked = mark != nil
  }
}

/// The tables that a query may read, beside the editor.
struct DatasetTables: Sendable {
  var tables: [Table]
  var tablesCount = ""
  /// Why none can be listed.
  var tablesProblem: String?

  struct Table: Sendable {
    var name: String
    var columns: [Column]
  }

  struct Column: Sendable {
    var name: String
    var type: String
  }

  init(_ listing: TableListing) {
    tables = listing.tables.prefix(300).map { table in
      Table(
        name: table.name,
        columns: table.columns.prefix(200).map {
          Column(name: $0.name, type: $0.databaseType.isEmpty ? $0.type.rawValue : $0.databaseType)
        })
    }
    if !listing.tables.isEmpty { tablesCount = Words.number(listing.tables.count) }
    tablesProblem = listing.problem
  }
}

/// The tables of a data source, or why there are none to show.
struct TableListing: Sendable {
  var tables: [TableDescription] = []
  var problem: String?

  /// Waits no longer for the database than a page may.
  init(of source: String, _ service: CheckerService) async {
    if source.isEmpty { return }
    let answer: Result<[TableDescription], ServiceError>? = await within(CheckerFormChoices.patience, else: nil) {
      do throws(ServiceError) {
        return .success(try await service.tables(of: source))
      } catch {
        return .failure(error)
      }
    }
    switch answer {
    case .success(let tables): self.tables = tables
    case .failure(let error): problem = FormProblems.sentence(error.message)
    case nil: problem = "The database does not answer in time."
    }
  }

  init() {}
}

/// What htmx gets after a query was run.
struct DatasetLive: Sendable {
  var result: DatasetResult
  var editor: DatasetEditor?

  init(result: DatasetResult, editor: DatasetEditor?) {
    self.result = result
    self.editor = editor
    self.editor?.isOutOfBand = true
  }
}
