import Domain
import Foundation

/// Whether a text is JSON, and where not.
enum JSONSyntax {
  static func check(_ text: String) throws(TemplateProblem) {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    } catch {
      let reason = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
      throw TemplateProblem(
        line: nil, message: "it makes text that is no JSON\(reason.map { ": " + TextLimit.cut($0, utf16: 200) } ?? "")")
    }
  }
}
