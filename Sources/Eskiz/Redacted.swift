/// A value that never prints itself.
///
/// Interpolation, `debugPrint`, `dump` and reflection all show `<redacted>`. It is deliberately not `Encodable`: the
/// only way out is ``reveal()``, which a reviewer can search for.
///
/// ```swift
/// let password = Redacted("key from the cabinet")
/// print("logging in with \(password)")   // logging in with <redacted>
/// ```
public struct Redacted<Value: Sendable>: Sendable {
    private let value: Value

    /// Wraps a secret.
    public init(_ value: Value) {
        self.value = value
    }

    /// Gives the secret out, to be put on the wire or into a sealed file and nowhere else.
    public func reveal() -> Value {
        value
    }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)](), displayStyle: .struct) }
}
