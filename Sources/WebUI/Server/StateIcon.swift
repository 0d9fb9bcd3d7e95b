package import Domain
import Mustache

/// A state's shape, drawn in place so that it can be styled; `{{{icon}}}` in templates.
package struct StateIcon: Sendable, Hashable, MustacheCustomRenderable {
  package enum Shape: String, Sendable {
    case ok, red, err, mute, none, run, stale, pend, rec, warn
  }

  package var shape: Shape
  /// The word beside it says the same, so that readers skip the icon.
  package var isHidden: Bool
  package var isLarge: Bool

  package init(_ shape: Shape, isHidden: Bool = false, isLarge: Bool = false) {
    self.shape = shape
    self.isHidden = isHidden
    self.isLarge = isLarge
  }

  package init(_ state: DisplayState, isHidden: Bool = false, isLarge: Bool = false) {
    self.init(Shape(state), isHidden: isHidden, isLarge: isLarge)
  }

  package init(_ outcome: Outcome, isHidden: Bool = false, isLarge: Bool = false) {
    self.init(outcome == .warned ? .warn : Shape(outcome), isHidden: isHidden, isLarge: isLarge)
  }

  package var word: String {
    switch shape {
    case .ok: "Green"
    case .red: "Red"
    case .err: "Erroring"
    case .mute: "Muted"
    case .none: "Never run"
    case .run: "Running"
    case .stale: "Stale"
    case .pend: "Pending"
    case .rec: "Recovering"
    case .warn: "Warning"
    }
  }

  package var isNull: Bool { false }

  package var renderText: String {
    let name = isHidden ? "aria-hidden=\"true\"" : "role=\"img\" aria-label=\"\(word)\""
    let size = isLarge ? " l" : ""
    return "<svg class=\"st st-\(shape.rawValue)\(size)\" \(name) viewBox=\"0 0 16 16\">\(drawing)</svg>"
  }

  private var drawing: String {
    switch shape {
    case .ok:
      #"<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
        + #"<path d="m5.2 8.2 2 2 3.7-4" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round""#
        + #" stroke-linejoin="round"/>"#
    case .red:
      #"<path d="M5 .9h6L15.1 5v6L11 15.1H5L.9 11V5z" fill="currentColor"/><path class="cut""#
        + #" d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" fill="none" stroke-width="1.8" stroke-linecap="round"/>"#
    case .err:
      #"<path d="M8 1.1c.5 0 .9.2 1.1.6l6 10.9c.5.9-.1 1.9-1.1 1.9H2c-1 0-1.6-1-1.1-1.9l6-10.9c.2-.4.6-.6 1.1-.6z""#
        + #" fill="currentColor"/><path class="cut" d="M8 5.6v3.6m0 2.5v.1" fill="none" stroke-width="1.8""#
        + #" stroke-linecap="round"/>"#
    case .mute:
      #"<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
        + #"<path d="M3.4 12.6 12.6 3.4" stroke="currentColor" stroke-width="1.5"/>"#
    case .none:
      #"<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.3 2.3"/>"#
    case .run:
      #"<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-opacity=".25" stroke-width="1.6"/>"#
        + #"<path class="arc" d="M8 1.4A6.6 6.6 0 0 1 14.6 8" fill="none" stroke="currentColor" stroke-width="1.6""#
        + #" stroke-linecap="round"/>"#
    case .stale:
      #"<circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
        + #"<path d="M8 4.2V8l2.6 1.8" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round""#
        + #" stroke-linejoin="round"/>"#
    case .pend:
      #"<path d="M5 1.4h6L14.6 5v6L11 14.6H5L1.4 11V5z" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
        + #"<path d="M5.2 8h.1m2.6 0h.1m2.6 0h.1" fill="none" stroke="currentColor" stroke-width="1.8""#
        + #" stroke-linecap="round"/>"#
    case .warn:
      #"<path d="M5 1.4h6L14.6 5v6L11 14.6H5L1.4 11V5z" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
        + #"<path d="M8 4.6v4m0 2.4v.1" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>"#
    case .rec:
      #"<path d="M5 1.4h6L14.6 5v6L11 14.6H5L1.4 11V5z" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
        + #"<path d="m5.2 8.2 2 2 3.7-4" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round""#
        + #" stroke-linejoin="round"/>"#
    }
  }
}

extension StateIcon.Shape {
  package init(_ state: DisplayState) {
    self =
      switch state {
      case .red: .red
      case .erroring: .err
      case .stale: .stale
      case .recovering: .rec
      case .pending: .pend
      case .green: .ok
      case .muted: .mute
      case .unknown: .none
      }
  }

  package init(_ outcome: Outcome?) {
    self =
      switch outcome {
      case .passed: .ok
      case .warned, .failed: .red
      case .errored: .err
      case nil: .none
      }
  }
}
