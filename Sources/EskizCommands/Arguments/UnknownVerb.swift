import ArgumentParser

/// A verb that does not exist, and the one that was probably meant.
struct UnknownVerb: Equatable {
    let typed: String
    let meant: String?

    /// The first word that is no verb where one is expected.
    init?(in arguments: [String], below root: any ParsableCommand.Type) {
        var command = root
        for argument in arguments {
            let verbs = command.configuration.subcommands
            guard !verbs.isEmpty, !argument.hasPrefix("-"), argument != "help" else { return nil }
            if let known = verbs.first(where: { $0._commandName == argument }) {
                command = known
                continue
            }
            let meant = Self.nearest(to: argument, in: verbs.map { $0._commandName })
            // Where a verb may be left out, the word may be an argument of the one that is meant then.
            guard meant != nil || command.configuration.defaultSubcommand == nil else { return nil }
            typed = argument
            self.meant = meant
            return
        }
        return nil
    }

    /// The name that is the fewest slips away; nil if none is near.
    static func nearest(to typed: String, in names: [String]) -> String? {
        let allowed = min(2, max(1, typed.count / 2))
        return names.map { (name: $0, slips: slips(from: typed.lowercased(), to: $0)) }
            .filter { $0.slips <= allowed }
            .min { ($0.slips, $0.name) < ($1.slips, $1.name) }?.name
    }

    /// How many letters are missing, too many, wrong, or swapped with their neighbour.
    static func slips(from left: String, to right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1..<max(1, left.count + 1) {
            var current = [row]
            for column in 1..<max(1, right.count + 1) {
                let isSame = left[row - 1] == right[column - 1]
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
