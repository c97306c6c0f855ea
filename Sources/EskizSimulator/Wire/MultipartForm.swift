/// `multipart/form-data` (RFC 7578), written; `FormBody` reads it.
enum MultipartForm {
    static func encode(_ pairs: [(String, String)], boundary: String) -> [UInt8] {
        var text = ""
        for (name, value) in pairs {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        return Array("\(text)--\(boundary)--\r\n".utf8)
    }
}
