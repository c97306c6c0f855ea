/// Finds the one-time code in a text, for tests and for the inbox.
///
/// A code is a run of 4 to 8 digits, or several runs of 2 or 3, all of one length, joined by `-` or one space. The first one
/// after a word that announces a code wins; without such a word, the first one at all.
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
            index += 1
            // A number that begins with + is somebody's phone.
            guard run.start == 0 || characters[run.start - 1] != "+" else { continue }
            if (4...8).contains(run.digits.count) {
                codes.append(run)
            } else if (2...3).contains(run.digits.count) {
                var chain = run
                while index < runs.count, runs[index].start == chain.end + 1,
                    [" ", "-"].contains(characters[chain.end]),
                    runs[index].digits.count == run.digits.count
                {
                    chain = Run(start: run.start, end: runs[index].end, digits: chain.digits + runs[index].digits)
                    index += 1
                }
                if (4...8).contains(chain.digits.count) { codes.append(chain) }
            }
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
