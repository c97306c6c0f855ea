/// Names of letters, digits and underscores that do not begin with a digit: what metrics and labels have in common.
enum ASCIIName {
    static func sanitised(_ text: String) -> String {
        if isValid(text) { return text }
        var name = ""
        var isReplacing = false
        for scalar in text.unicodeScalars {
            if isAllowed(scalar) {
                if name.isEmpty, isDigit(scalar) { name.append("_") }
                name.unicodeScalars.append(scalar)
                isReplacing = false
            } else if !isReplacing {
                name.append("_")
                isReplacing = true
            }
        }
        return name.isEmpty ? "_" : name
    }

    private static func isValid(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !isDigit(first) else { return false }
        return text.unicodeScalars.allSatisfy(isAllowed)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
