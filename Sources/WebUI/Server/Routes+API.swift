extension Routes {
  /// `/api/v1`.
  static let api: [any RouteGroup.Type] = [APIRoutes.self]
}
