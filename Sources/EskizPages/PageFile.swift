/// Files of the pages, as SwiftPM puts them into the program (`.embedInCode` in Package.swift): one binary is all there is
/// to ship.
package enum PageFile {
    /// Files one after the other.
    package static func joined(_ files: [[UInt8]]) -> String {
        String(decoding: files.joined(), as: UTF8.self)
    }

    /// Templates by their names, without the line end that every file ends with and a partial must not.
    package static func templates(_ files: [String: [UInt8]]) -> [String: String] {
        files.mapValues { file in
            String(decoding: file.last == UInt8(ascii: "\n") ? file.dropLast() : file[...], as: UTF8.self)
        }
    }
}
