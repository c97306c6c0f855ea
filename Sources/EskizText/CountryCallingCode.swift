/// Country calling codes as assigned by the ITU (list of ITU-T Recommendation E.164 assigned country codes).
enum CountryCallingCode {
    /// The code that a number begins with.
    ///
    /// No code begins another, so the first match from the left is the only one.
    /// - Parameters:
    ///   - value: The digits of the number, read as one integer.
    ///   - digits: How many digits there are.
    /// - Returns: `nil` when no assigned code fits.
    static func leading(_ value: UInt64, digits: Int) -> Int? {
        for length in 1...3 where length <= digits {
            let head = Int(value / powerOfTen(digits - length))
            if isAssigned(head) { return head }
        }
        return nil
    }

    /// The number of digits of a whole number, country code included, where the plan fixes it.
    ///
    /// Only the plans next door and the largest closed one: elsewhere lengths vary, and Eskiz is the judge.
    static func fixedLength(of code: Int) -> Int? {
        switch code {
        case 998: 12
        case 1, 7: 11
        default: nil
        }
    }

    static func powerOfTen(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }

    private static func isAssigned(_ code: Int) -> Bool {
        switch code {
        case 1, 7,
            20, 27, 30...34, 36, 39, 40, 41, 43...49, 51...58, 60...66, 81, 82, 84, 86, 90...95, 98,
            211, 212, 213, 216, 218, 220...258, 260...269, 290, 291, 297...299,
            350...359, 370...383, 385...387, 389, 420, 421, 423, 500...509, 590...599,
            670, 672...683, 685...692, 800, 808, 850, 852, 853, 855, 856, 870, 878, 880...883, 886, 888,
            960...968, 970...977, 979, 992...998:
            true
        default:
            false
        }
    }
}
