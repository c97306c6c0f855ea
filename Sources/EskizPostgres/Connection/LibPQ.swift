import CEskizLibPQ

/// PostgreSQL's client library, which is loaded when PostgreSQL is asked for and not before.
///
/// Where it is not installed the command runs all the same, as long as nobody names a PostgreSQL address.
package enum LibPQ {
    /// Loads the library if that has not been done.
    ///
    /// - Parameter name: of the library; nil for where this system keeps it.
    /// - Throws: `libraryMissing`, with what to install.
    package static func load(_ name: String? = nil) throws(PostgresError) {
        if let reason = reading({ eskiz_libpq_load(name, $0, $1) }) {
            throw PostgresError(.libraryMissing, detail: reason)
        }
    }

    /// Checks an address, a URL or keywords, without connecting.
    ///
    /// - Throws: `badAddress`. What libpq says of it is left out: it may repeat a password.
    package static func check(_ address: String) throws(PostgresError) {
        try load()
        if reading({ eskiz_libpq_check_address(address, $0, $1) }) != nil { throw PostgresError(.badAddress) }
    }

    /// Nil if the call succeeded, else what it wrote.
    private static func reading(_ call: (UnsafeMutablePointer<CChar>, Int) -> Bool) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            buffer.initialize(repeating: 0)
            guard let start = buffer.baseAddress, !call(start, buffer.count) else { return nil }
            return String(cString: start)
        }
    }
}
