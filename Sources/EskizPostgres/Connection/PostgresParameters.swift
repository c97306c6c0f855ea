/// Calls with an array of C strings, of which some may be absent.
func withCStrings<Value>(
    _ strings: [String?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    withPointers(strings.map { $0.map { Array($0.utf8) + [0] } }, body)
}

/// Calls with values as libpq takes them: how many, their types, where they are, how long, and that they are binary.
func withParameters<Value>(
    _ values: [PostgresValue],
    _ body: (Int32, [UInt32], UnsafePointer<UnsafePointer<CChar>?>?, [Int32], [Int32]) -> Value
) -> Value {
    let encoded = values.map(\.encoded)
    return withPointers(encoded) { pointers in
        body(
            Int32(values.count),
            values.map(\.type.rawValue),
            pointers,
            encoded.map { Int32($0?.count ?? 0) },
            [Int32](repeating: 1, count: values.count)
        )
    }
}

/// Calls with pointers to the arrays' bytes, all in one piece of memory.
private func withPointers<Value>(
    _ values: [[UInt8]?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    let size = values.reduce(1) { $0 + ($1?.count ?? 0) }
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { bytes in
        withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: values.count + 1) { pointers in
            guard let start = bytes.baseAddress else { return body(nil) }
            var next = start
            for (index, value) in values.enumerated() {
                guard let value else {
                    pointers[index] = nil
                    continue
                }
                pointers[index] = UnsafePointer(next.assumingMemoryBound(to: CChar.self))
                value.withUnsafeBytes {
                    if let from = $0.baseAddress { next.copyMemory(from: from, byteCount: $0.count) }
                }
                next += value.count
            }
            pointers[values.count] = nil
            return body(UnsafePointer(pointers.baseAddress))
        }
    }
}
