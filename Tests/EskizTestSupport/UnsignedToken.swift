#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A JWT that looks like those of Eskiz, signed by nobody.
package enum UnsignedToken {
    /// - Parameters:
    ///   - claims: the middle part, as JSON.
    ///   - header: the first part, as JSON.
    ///   - signature: what stands in the place of one.
    /// - Returns: the three parts with dots between them.
    package static func text(
        claims: String,
        header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        signature: String = "a signature of some length"
    ) -> String {
        [header, claims, signature].map { part in
            Data(part.utf8).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }.joined(separator: ".")
    }
}
