import EskizTestSupport
import EskizText
import Testing

struct SegmentationTests {
    struct Boundary: Sendable, CustomTestStringConvertible {
        let scalar: Unicode.Scalar
        let count: Int
        let segments: Int
        let left: Int

        var testDescription: String { "\(count) x U+\(String(scalar.value, radix: 16))" }
    }

    static let boundaries: [Boundary] = [
        Boundary(scalar: "a", count: 1, segments: 1, left: 159),
        Boundary(scalar: "a", count: 159, segments: 1, left: 1),
        Boundary(scalar: "a", count: 160, segments: 1, left: 0),
        Boundary(scalar: "a", count: 161, segments: 2, left: 145),
        Boundary(scalar: "a", count: 305, segments: 2, left: 1),
        Boundary(scalar: "a", count: 306, segments: 2, left: 0),
        Boundary(scalar: "a", count: 307, segments: 3, left: 152),
        Boundary(scalar: "a", count: 459, segments: 3, left: 0),
        Boundary(scalar: "a", count: 460, segments: 4, left: 152),
        Boundary(scalar: "à", count: 160, segments: 1, left: 0),
        Boundary(scalar: "à", count: 161, segments: 2, left: 145),
        Boundary(scalar: "€", count: 80, segments: 1, left: 0),
        Boundary(scalar: "€", count: 81, segments: 2, left: 143),  // 76 pairs, and a septet unused
        Boundary(scalar: "€", count: 152, segments: 2, left: 1),
        Boundary(scalar: "€", count: 153, segments: 3, left: 151),
        Boundary(scalar: "ў", count: 69, segments: 1, left: 1),
        Boundary(scalar: "ў", count: 70, segments: 1, left: 0),
        Boundary(scalar: "ў", count: 71, segments: 2, left: 63),
        Boundary(scalar: "ў", count: 134, segments: 2, left: 0),
        Boundary(scalar: "ў", count: 135, segments: 3, left: 66),
        Boundary(scalar: "😀", count: 35, segments: 1, left: 0),
        Boundary(scalar: "😀", count: 36, segments: 2, left: 61),  // 33 pairs, and a unit unused
        Boundary(scalar: "😀", count: 66, segments: 2, left: 1),
        Boundary(scalar: "😀", count: 67, segments: 3, left: 65),
    ]

    @Test(arguments: boundaries)
    func `a segment is full where the standard says`(_ boundary: Boundary) {
        let text = String(repeating: String(boundary.scalar), count: boundary.count)
        let segmentation = Segmentation(of: text)
        #expect(segmentation.segmentCount == boundary.segments)
        #expect(segmentation.segments.count == boundary.segments)
        #expect(segmentation.unitsLeft == boundary.left)
    }

    @Test func `a 16-bit reference leaves 152 and 66`() {
        let rules = SegmentationRules(header: .sixteenBitReference)
        #expect(Segmentation(of: String(repeating: "a", count: 160), rules: rules).segmentCount == 1)
        #expect(Segmentation(of: String(repeating: "a", count: 304), rules: rules).segmentCount == 2)
        #expect(Segmentation(of: String(repeating: "a", count: 305), rules: rules).segmentCount == 3)
        #expect(Segmentation(of: String(repeating: "ў", count: 132), rules: rules).segmentCount == 2)
        #expect(Segmentation(of: String(repeating: "ў", count: 133), rules: rules).segmentCount == 3)
    }

    @Test func `an empty text has no segments`() {
        let segmentation = Segmentation(of: "")
        #expect(segmentation.segmentCount == 0)
        #expect(segmentation.segments.isEmpty)
        #expect(segmentation.units == 0)
        #expect(segmentation.unitsLeft == 160)
        #expect(segmentation.encoding == .gsm7)
    }

    @Test func `an escape pair is never parted`() {
        // The pair would be septets 153 and 154.
        let text = String(repeating: "a", count: 152) + "€" + String(repeating: "b", count: 20)
        let segments = Segmentation(of: text).segments
        #expect(segments.map(\.units) == [152, 22])
        #expect(segments[1].text.unicodeScalars.first == "€")
        // One earlier, it fits.
        #expect(Segmentation(of: String(text.dropFirst())).segments.map(\.units) == [153, 20])
        // In a single message there is no boundary to fall on.
        #expect(Segmentation(of: String(repeating: "a", count: 158) + "€").segmentCount == 1)
        #expect(Segmentation(of: String(repeating: "a", count: 159) + "€").segmentCount == 2)
    }

    @Test func `a surrogate pair is never parted`() {
        let text = String(repeating: "ў", count: 66) + "😀" + String(repeating: "a", count: 10)
        let segments = Segmentation(of: text).segments
        #expect(segments.map(\.units) == [66, 12])
        #expect(segments[1].text.unicodeScalars.first == "😀")
        #expect(Segmentation(of: String(text.dropFirst())).segments.map(\.units) == [67, 10])
        #expect(Segmentation(of: String(repeating: "ў", count: 68) + "😀").segmentCount == 1)
        #expect(Segmentation(of: String(repeating: "ў", count: 69) + "😀").segmentCount == 2)
    }

    @Test func `a line break of two characters costs two and may be parted`() {
        #expect(Segmentation(of: "a\r\nb").units == 4)
        let text = String(repeating: "a", count: 152) + "\r\n" + String(repeating: "b", count: 10)
        let segments = Segmentation(of: text).segments
        #expect(segments.map(\.units) == [153, 11])
        #expect(segments.map(\.text).map { String($0).scalars }.joined().elementsEqual(text.scalars))
    }

    @Test func `a grapheme cluster may be parted and is never lost`() {
        let family = "👩\u{200D}👩\u{200D}👧"
        let text = String(repeating: "ў", count: 64) + family + String(repeating: "ў", count: 10)
        let segments = Segmentation(of: text).segments
        #expect(segments.map(\.units) == [67, 15])
        #expect(segments.flatMap { String($0.text).scalars } == text.scalars)
    }

    @Test func `a letter and its mark in two characters are not GSM-7`() {
        #expect(Segmentation(of: "caf\u{E9}").encoding == .gsm7)
        let decomposed = Segmentation(of: "cafe\u{301}")
        #expect(decomposed.encoding == .ucs2)
        #expect(decomposed.units == 5)
    }

    @Test func `printing and dumping show measures and never the text`() {
        let segmentation = Segmentation(of: "Kodingiz: 739146")
        var dumped = ""
        dump(segmentation, to: &dumped)
        dump(segmentation.segments, to: &dumped)
        for shown in [
            "\(segmentation)", String(reflecting: segmentation), dumped, "\(segmentation.segments)",
            String(reflecting: segmentation.segments), "\([Optional(segmentation)])",
        ] {
            #expect(!shown.contains("739146"))
            #expect(!shown.contains("Kodingiz"))
        }
        #expect(segmentation.description == "GSM-7, 1 segment, 16 units, 144 left")
    }
}

struct SegmentationPropertyTests {
    static let rules: [SegmentationRules] = [
        .standard, .cabinet, SegmentationRules(header: .sixteenBitReference),
        SegmentationRules(header: .sixteenBitReference, extensionCost: .one),
    ]

    /// Units by definition, without the code under test.
    private func units(of text: String, _ rules: SegmentationRules) -> [Int] {
        let one = Set(GSM7AlphabetTests.basic).subtracting([0x1B])
        let two = Set(GSM7AlphabetTests.extended.values)
        if text.unicodeScalars.allSatisfy({ one.contains($0.value) || two.contains($0.value) }) {
            return text.unicodeScalars.map { two.contains($0.value) ? rules.extensionCost.units : 1 }
        }
        return text.unicodeScalars.map { String($0).utf16.count }
    }

    /// The fewest segments over all ways of cutting.
    private func fewestSegments(_ units: [Int], capacity: Int) -> Int {
        var fewest = [0]
        for end in units.indices {
            var best = Int.max
            var used = 0
            var start = end
            while start >= 0 {
                used += units[start]
                if used > capacity { break }
                best = min(best, fewest[start] + 1)
                start -= 1
            }
            fewest.append(best)
        }
        return fewest[units.count]
    }

    @Test(arguments: rules)
    func `segments join to the text, are within limits, and are as few as can be`(_ rules: SegmentationRules) {
        var generator = TextGenerator(seed: 1)
        var several = 0
        for round in 0..<600 {
            let text = generator.text(upTo: 420)
            let segmentation = Segmentation(of: text, rules: rules)
            let segments = segmentation.segments
            let units = units(of: text, rules)
            let total = units.reduce(0, +)
            let capacity = rules.capacity(for: segmentation.encoding)

            #expect(segmentation.encoding == MessageEncoding(for: text), "round \(round)")
            #expect(segmentation.units == total, "round \(round)")
            #expect(segments.count == segmentation.segmentCount, "round \(round)")
            #expect(segments.flatMap { String($0.text).scalars } == text.scalars, "round \(round)")
            #expect(segments.flatMap { String(segmentation.text[$0.range]).scalars } == text.scalars, "round \(round)")
            #expect(segments.reduce(0) { $0 + $1.units } == total, "round \(round)")
            #expect(segments.allSatisfy { $0.units <= segmentation.unitsPerSegment && $0.units > 0 }, "round \(round)")
            #expect(segmentation.unitsLeft == segmentation.unitsPerSegment - (segments.last?.units ?? 0))
            if total <= capacity.single {
                #expect(segments.count == (text.isEmpty ? 0 : 1), "round \(round)")
            } else {
                several += 1
                #expect(segments.count == fewestSegments(units, capacity: capacity.concatenated), "round \(round)")
            }
        }
        #expect(several > 100)
    }

    @Test func `what is left can be filled at the same price and not one unit more`() {
        var generator = TextGenerator(seed: 2)
        for round in 0..<300 {
            let text = generator.text(upTo: 300) + "a"
            let segmentation = Segmentation(of: text)
            let full = Segmentation(of: text + String(repeating: "z", count: segmentation.unitsLeft))
            let over = Segmentation(of: full.text + "z")
            #expect(full.segmentCount == segmentation.segmentCount, "round \(round)")
            #expect(full.unitsLeft == 0, "round \(round)")
            #expect(over.segmentCount > full.segmentCount, "round \(round)")
        }
    }
}
