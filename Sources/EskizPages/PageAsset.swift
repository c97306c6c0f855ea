/// A file that the pages link to: a constant of the program, so that one binary is all there is to ship.
package struct PageAsset: Sendable {
    package let name: String
    package let contentType: String
    package let body: [UInt8]
    /// Changes with the content (FNV-1a, 64 bits): nobody attacks a cache of this machine by collisions.
    package let tag: String

    package init(name: String, contentType: String, text: String) {
        self.name = name
        self.contentType = contentType
        body = Array(text.utf8)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in body { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        tag = String(hash, radix: 16)
    }

    /// The address names the content, so that it can be kept for ever.
    package var address: String { "/assets/\(name)?v=\(tag)" }

    /// The header `ETag`.
    package var validator: String { "\"\(tag)\"" }

    /// The header `Cache-Control`, for whoever asks for this version or for none.
    package func caching(version: String?) -> String {
        version == tag ? "public, max-age=31536000, immutable" : "no-cache"
    }

    /// Whether a browser has it, by the header `If-None-Match` (RFC 9110 §13.1.2).
    package func isKnown(by ifNoneMatch: String?) -> Bool {
        let known = (ifNoneMatch ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        return known.contains("*") || known.contains { $0 == validator || $0 == "W/\(validator)" }
    }

    package static let icon = PageAsset(
        name: "icon.svg",
        contentType: "image/svg+xml",
        text: PageFile.joined([PackageResources.icon_svg])
    )

    /// A stylesheet: what those of all pages begin with, and what the pages of one module add.
    ///
    /// - Parameters:
    ///   - name: of the file, as a browser sees it.
    ///   - own: what the module adds.
    ///   - small: what small screens change of that.
    /// - Returns: one file.
    package static func style(_ name: String, _ own: [[UInt8]], small: [[UInt8]]) -> PageAsset {
        let shared = [
            PackageResources.page_base_css, PackageResources.page_frame_css, PackageResources.page_parts_css,
        ]
        return PageAsset(
            name: name,
            contentType: "text/css; charset=utf-8",
            text: PageFile.joined(shared + own + [PackageResources.page_small_css] + small)
        )
    }

    /// A script: what those of all pages begin with, and what the pages of one module add, which ends with `connect()`.
    package static func script(_ name: String, _ own: [UInt8]) -> PageAsset {
        let shared = [PackageResources.page_live_js, PackageResources.page_morph_js, PackageResources.page_notes_js]
        return PageAsset(
            name: name,
            contentType: "text/javascript; charset=utf-8",
            text: PageFile.joined(shared + [own])
        )
    }
}
