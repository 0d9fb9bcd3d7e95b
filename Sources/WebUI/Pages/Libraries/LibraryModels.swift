import Domain
import Foundation

/// `libraries.mustache`.
struct LibraryListModel: Sendable {
  var libraries: [Entry]
  var hasLibraries: Bool

  struct Entry: Sendable {
    var name: String
    var namespace: String
    var href: String
    var note: String
    var when: TimeText
  }

  init(_ libraries: [StoredLibrary], now: Date) {
    self.libraries = libraries.map { stored in
      let library = stored.library
      return Entry(
        name: library.fileName, namespace: library.namespace,
        href: Link.library(library.fileName, namespace: library.namespace),
        note: "version \(stored.version) by \(stored.author)", when: .ago(stored.savedAt, now: now))
    }
    hasLibraries = !libraries.isEmpty
  }
}

/// `library.mustache`: the editor, with the versions and the scripts that import it beside it.
struct LibraryModel: Sendable {
  var heading: String
  var action: String
  var delete: String
  var isStored: Bool
  /// The version that a save replaces; empty for one that is new.
  var read: String
  var isOld: String?
  var name: FormField
  var namespace: FormField
  var source: String
  var language: String
  var problem: String?
  var lines: [LineDifference.Line]
  var difference: String
  var versions: [VersionPages.Model.Entry]
  var users: [User]
  var banner: FormBanner?

  struct User: Sendable {
    var name: String
    var href: String
  }

  init(
    _ form: LibraryForm, versions: [StoredLibrary], shown: StoredLibrary?, problems: FormProblems,
    users: [QualifiedName], now: Date
  ) {
    isStored = !versions.isEmpty
    read = (form.read ?? versions.first?.version).map(String.init) ?? ""
    heading = isStored ? form.fileName : "New library"
    let href = Link.library(form.fileName, namespace: form.namespace)
    action = isStored ? href : "/libraries/new"
    delete = href + "/delete"
    name = FormField(
      "name", "File name", value: form.fileName, help: "Scripts import it by its name: `import business_calendar`.",
      problem: problems.at("name"), placeholder: "business_calendar.py", isCode: true)
    namespace = FormField("namespace", "Namespace", value: form.namespace, problem: problems.at("namespace"))
    source = form.source
    language = Library.parts(of: form.fileName)?.language.rawValue ?? "python"
    problem = problems.at("source")
    banner = problems.isEmpty ? nil : FormBanner("Not saved", problems.others(than: ["name", "namespace", "source"]))
    if let shown, let newest = versions.first, shown.version < newest.version {
      isOld = "Version \(shown.version) of \(newest.version). Saving makes it the newest again."
    }
    let before = shown.flatMap { shown in versions.first { $0.version < shown.version } }
    let change = before.flatMap { before in
      shown.map { LineDifference(from: before.library.source, to: $0.library.source) }
    }
    lines = change?.lines ?? []
    difference = change.map { Words.count($0.changes, "line") + " changed" } ?? ""
    self.versions = versions.map { version in
      VersionPages.Model.Entry(
        number: version.version, href: "\(href)?version=\(version.version)", author: version.author,
        note: Words.count(version.library.source.split(separator: "\n").count, "line"),
        when: .ago(version.savedAt, now: now), isCurrent: version.version == shown?.version)
    }
    self.users = users.map { User(name: $0.name, href: Link.checker($0)) }
  }
}
