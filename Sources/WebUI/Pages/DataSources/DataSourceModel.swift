import Checking
import Domain
import Foundation

struct DataSourceListModel: Sendable {
  var rows: [Row]
  var isEmpty: Bool

  struct Row: Sendable {
    var name: String
    var href: String
    var kind: String
    var place: String
    var description: String
    var datasets: String
    /// How long it could not be reached, if so.
    var down: TimeText?
  }

  init(_ sources: [DataSource], datasets: [Dataset], outages: [Outage], now: Date) {
    rows = sources.sorted { $0.name < $1.name }.map { source in
      Row(
        name: source.name, href: Link.dataSource(source.name), kind: source.driver.title,
        place: SecretText.masked(source.uri), description: source.description,
        datasets: Words.count(datasets.count { $0.dataSource == source.name }, "dataset"),
        down: outages.of(.dataSource(source.name)).map { TimeText(Words.lasting(since: $0.since, now: now), $0.since) })
    }
    isEmpty = sources.isEmpty
  }
}

struct DataSourceModel: Sendable {
  var heading: String
  var action: String
  var testAction: String
  var delete: String
  var original: String
  var read: String
  var isStored: Bool
  /// That it cannot be reached, if so.
  var outages: [OutageBanner] = []
  var banner: FormBanner?
  var drivers: [Choice]
  var name: FormField
  var about: FormField
  var uri: FormField
  var hints: [Hint]
  var timeout: FormField
  var maxRows: FormField
  var maxConnections: FormField
  var options: String
  var optionsProblem: String?
  var hasOptions: Bool
  var test: ConnectionTestModel?
  var datasets: [Use]
  var tables: [DatasetTables.Table]
  var tablesProblem: String?
  var tablesCount: String
  var newDataset: String

  struct Choice: Sendable {
    var value: String
    var title: String
    var note: String
    var isChosen: Bool
  }

  /// What the address looks like, for one driver.
  struct Hint: Sendable {
    var driver: String
    var example: String
    var text: String
  }

  struct Use: Sendable {
    var name: String
    var href: String
  }

  init(
    _ form: DataSourceForm, problems: FormProblems, banner: FormBanner?, test: ConnectionTestModel?,
    datasets: [Dataset], tables: TableListing
  ) {
    heading = form.original ?? "Connect a database"
    action = form.original.map(Link.dataSource) ?? "/data-sources/new"
    testAction = "/data-sources/test"
    delete = form.original.map { Link.dataSource($0) + "/delete" } ?? ""
    original = form.original ?? ""
    read = form.read
    isStored = form.original != nil
    drivers = Driver.allCases.map {
      Choice(value: $0.rawValue, title: $0.title, note: Self.note($0), isChosen: $0 == form.driver)
    }
    name = FormField("name", "Name", value: form.name, problem: problems.at("name"), placeholder: "shop")
    about = FormField(
      "description", "What it is", value: form.description, placeholder: "The shop's database, a replica")
    uri = FormField(
      "uri", "Address", value: form.uri,
      help: SecretText.hasSecret(form.uri)
        ? "\(SecretText.mask) stands for the stored password. Leave it to keep the password." : nil,
      problem: problems.at("uri"), isCode: true)
    hints = Driver.allCases.map { Hint(driver: $0.rawValue, example: Self.example($0), text: Self.hint($0)) }
    timeout = FormField(
      "timeout", "Query time limit, s", value: form.timeout, help: "0.1 to 3,600.", problem: problems.at("timeout"))
    maxRows = FormField(
      "max_rows", "Rows brought over, at most", value: form.maxRows, problem: problems.at("max_rows"))
    maxConnections = FormField(
      "max_connections", "Connections, at most", value: form.maxConnections, help: "1 to 64.",
      problem: problems.at("max_connections"))
    options = form.options
    optionsProblem = problems.at("options")
    hasOptions = form.driver == .adbc || !form.options.isEmpty || optionsProblem != nil
    self.test = test
    self.datasets = datasets.map { Use(name: $0.id.description, href: Link.dataset($0.id)) }
    let shown = DatasetTables(tables)
    self.tables = shown.tables
    tablesCount = shown.tablesCount
    tablesProblem = shown.tablesProblem
    newDataset = Link.query("/datasets/new", [("data_source", form.original ?? "")])
    self.banner = banner
    if banner == nil, !problems.isEmpty {
      let shown = ["name", "uri", "timeout", "max_rows", "max_connections", "options"]
      self.banner = FormBanner(
        "Not saved. \(Words.count(problems.all.count, "thing")) to mend, marked below.", problems.others(than: shown))
    }
  }

  private static func note(_ driver: Driver) -> String {
    switch driver {
    case .postgresql: "12 or newer"
    case .sqlite: "A file on the server"
    case .duckdb: "A file, or CSV and Parquet"
    case .adbc: "Any other, by its ADBC library"
    }
  }

  private static func example(_ driver: Driver) -> String {
    switch driver {
    case .postgresql: "postgresql://reader:${SHOP_PASSWORD}@db.example.com:5432/shop"
    case .sqlite: "/srv/shop/shop.db"
    case .duckdb: "/srv/shop/shop.duckdb"
    case .adbc: "adbc.example://host:port/database"
    }
  }

  private static func hint(_ driver: Driver) -> String {
    switch driver {
    case .postgresql:
      "Add ?sslmode=verify-full for TLS. A user who may only read is best: every session is opened read-only as well."
    case .sqlite: "The file is opened read-only. Nothing is created when it is missing."
    case .duckdb: "Use :memory: to query CSV and Parquet files by their paths."
    case .adbc: "Options name the library: library = /path/libadbc_driver_example.so, and what the driver takes."
    }
  }
}

/// A connection that was tried, step by step.
struct ConnectionTestModel: Sendable {
  var css: String
  var icon: StateIcon
  var title: String
  var detail: String
  var steps: [Step]

  struct Step: Sendable {
    var icon: StateIcon
    var title: String
    var detail: String
    var duration: String
  }

  init(_ steps: [ConnectionTestStep]) {
    let failed = steps.first { $0.verdict == .failed }
    let warned = steps.contains { $0.verdict == .warned }
    css = failed != nil ? "err" : warned ? "" : "ok"
    icon = StateIcon(failed != nil ? .err : .ok, isHidden: true, isLarge: true)
    title = failed != nil ? "Not connected" : warned ? "Connected, with a warning" : "Connected"
    // The step says below what is wrong.
    detail = failed.map { "It went as far as: \($0.title)." } ?? Words.duration(steps.map(\.milliseconds).reduce(0, +))
    self.steps = steps.map { step in
      Step(
        icon: StateIcon(step.verdict == .passed ? .ok : .err), title: step.title,
        detail: Self.inWordsOfTheForm(step.detail),
        duration: step.milliseconds > 0 ? Words.duration(step.milliseconds) : "")
    }
  }

  /// Files and the API call it `uri`, the form calls it *Address*.
  private static func inWordsOfTheForm(_ text: String) -> String {
    text.replacing(/\buri of data source '[^']*'/, with: "address")
  }

  init(refused problems: [FieldProblem]) {
    css = "err"
    icon = StateIcon(.err, isHidden: true, isLarge: true)
    title = "Not tried"
    detail = problems.map { FormProblems.sentence($0.message) }.joined(separator: " ")
    steps = []
  }
}
