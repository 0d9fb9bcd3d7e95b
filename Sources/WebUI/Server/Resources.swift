import Foundation

/// The templates and static files that belong to the program.
enum Resources {
  /// Beside the executable, where the build puts them.
  static func folder() throws(WebServerError) -> URL {
    let name = "malleable-checker_WebUI.resources"
    let places = [Bundle.main.bundleURL, executable.deletingLastPathComponent()]
    for place in places {
      let folder = place.appending(path: name)
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    throw .resources(
      "the folder \(name) is missing beside the program in \(places[1].path). Build or install the program again.")
  }

  static var executable: URL {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: CommandLine.arguments.first ?? "/").resolvingSymlinksInPath()
  }
}

/// The folder with the files of other projects that the pages load.
enum VendorFolder {
  /// `CHECKER_VENDOR`, else `vendor` beside the program, else the first `.vendor/web` from there upwards.
  static func find() -> String? {
    let files = FileManager.default
    if let set = ProcessInfo.processInfo.environment["CHECKER_VENDOR"], !set.isEmpty {
      let web = set + "/web"
      return files.fileExists(atPath: web) ? web : set
    }
    var folder = Resources.executable.deletingLastPathComponent()
    for name in ["vendor/web", "vendor"] where files.fileExists(atPath: folder.appending(path: name).path) {
      return folder.appending(path: name).path
    }
    while folder.path != "/" {
      let candidate = folder.appending(path: ".vendor/web")
      if files.fileExists(atPath: candidate.path) { return candidate.path }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }
}
