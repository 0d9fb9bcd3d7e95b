import Domain
import Yams

/// How a YAML scalar is understood: by the core schema of YAML 1.2, so that `no` and `NO` stay the texts they look
/// like and numbers keep their digits.
enum PlainScalar {
  static func value(of scalar: Node.Scalar) -> Scalar {
    guard scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
    switch scalar.string {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    default: break
    }
    if let number = number(scalar.string) { return .number(number) }
    return .text(scalar.string)
  }

  private static func number(_ text: String) -> ExactDecimal? {
    guard let first = text.utf8.first else { return nil }
    let isDigitLike = (0x30...0x39).contains(first) || first == 0x2D || first == 0x2B || first == 0x2E
    return isDigitLike ? ExactDecimal(text) : nil
  }
}
