/// Finds the one-time code in a text, for tests and for the inbox.
///
/// A code is a run of 4 to 8 digits, or two runs of 2 to 4 joined by `-` or one space. The first one after a word that
/// announces a code wins; without such a word, the first one at all.
enum CodeFinder {
    private static let announcements = ["kod", "код", "code", "otp", "pin", "parol", "парол"]

    static func code(in text: String) -> String? {
        let characters = Array(text.lowercased())
        let runs = digitRuns(of: characters)
        let codes = joined(runs, in: characters)
        guard let first = codes.first else { return nil }
        let announced = announcementEnd(in: characters)
        return (codes.first { candidate in announced.map { candidate.start >= $0 } ?? false } ?? first).digits
    }

    private struct Run {
        let start: Int
        let end: Int
        let digits: String
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func digitRuns(of characters: [Character]) -> [Run] {
        var runs: [Run] = []
        var start: Int?
        for index in 0...characters.count {
            let inside = index < characters.count && isDigit(characters[index])
            if inside, start == nil { start = index }
            if !inside, let first = start {
                runs.append(Run(start: first, end: index, digits: String(characters[first..<index])))
                start = nil
            }
        }
        return runs
    }

    private static func joined(_ runs: [Run], in characters: [Character]) -> [Run] {
        var codes: [Run] = []
        var index = 0
        while index < runs.count {
            let run = runs[index]
            let isPhone = run.start > 0 && characters[run.start - 1] == "+"
            if (4...8).contains(run.digits.count), !isPhone {
                codes.append(run)
            } else if index + 1 < runs.count, (2...4).contains(run.digits.count), !isPhone {
                let next = runs[index + 1]
                let isLast = index + 2 >= runs.count || runs[index + 2].start > next.end + 1
                let isJoined = next.start == run.end + 1 && [" ", "-"].contains(characters[run.end])
                if isJoined, isLast, next.digits.count == run.digits.count {
                    codes.append(Run(start: run.start, end: next.end, digits: run.digits + next.digits))
                    index += 1
                }
            }
            index += 1
        }
        return codes
    }

    private static func announcementEnd(in characters: [Character]) -> Int? {
        var earliest: Int?
        for announcement in announcements {
            let word = Array(announcement)
            guard characters.count >= word.count else { continue }
            let place = (0...(characters.count - word.count)).first { start in
                characters[start..<(start + word.count)].elementsEqual(word)
            }
            if let place { earliest = min(earliest ?? .max, place + word.count) }
        }
        return earliest
    }
}
