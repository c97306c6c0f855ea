import EskizText
import Testing

struct SegmentationRulesTests {
    @Test func `capacities follow from 140 octets and the header`() {
        let standard = SegmentationRules.standard
        #expect(standard.gsm7.single == 160)
        #expect(standard.gsm7.concatenated == 153)
        #expect(standard.ucs2.single == 70)
        #expect(standard.ucs2.concatenated == 67)
        #expect(standard.maximumSegments == 255)
        let wide = SegmentationRules(header: .sixteenBitReference)
        #expect(wide.gsm7.single == 160)
        #expect(wide.gsm7.concatenated == 152)
        #expect(wide.ucs2.single == 70)
        #expect(wide.ucs2.concatenated == 66)
    }

    @Test func `a capacity must hold a pair, and a header never makes room`() {
        #expect(SegmentationRules.Capacity(single: 140, concatenated: 134) != nil)
        #expect(SegmentationRules.Capacity(single: 2, concatenated: 2) != nil)
        #expect(SegmentationRules.Capacity(single: 2, concatenated: 1) == nil)
        #expect(SegmentationRules.Capacity(single: 133, concatenated: 134) == nil)
    }

    @Test func `capacities of one's own are used`() throws {
        let gsm7 = try #require(SegmentationRules.Capacity(single: 140, concatenated: 134))
        let rules = SegmentationRules(gsm7: gsm7, ucs2: SegmentationRules.standard.ucs2)
        #expect(Segmentation(of: String(repeating: "a", count: 140), rules: rules).segmentCount == 1)
        #expect(Segmentation(of: String(repeating: "a", count: 141), rules: rules).segmentCount == 2)
        #expect(Segmentation(of: String(repeating: "a", count: 269), rules: rules).segmentCount == 3)
        #expect(Segmentation(of: String(repeating: "ў", count: 134), rules: rules).segmentCount == 2)
    }

    /// `eskiz-api.md §8.4`, the cabinet's table: characters, segments.
    @Test(arguments: [(160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4), (1224, 8)])
    func `the cabinet counts an extension character as one`(_ length: Int, _ segments: Int) {
        let cabinet = Segmentation(of: String(repeating: "€", count: length), rules: .cabinet)
        #expect(cabinet.encoding == .gsm7)
        #expect(cabinet.segmentCount == segments)
        #expect(cabinet.units == length)
        #expect(cabinet.isWithinLimit)
        #expect(Segmentation(of: String(repeating: "€", count: length)).units == length * 2)
    }

    @Test func `the cabinet takes eight segments and no more`() {
        #expect(!Segmentation(of: String(repeating: "a", count: 1225), rules: .cabinet).isWithinLimit)
        #expect(Segmentation(of: String(repeating: "ў", count: 536), rules: .cabinet).isWithinLimit)
        #expect(!Segmentation(of: String(repeating: "ў", count: 537), rules: .cabinet).isWithinLimit)
        #expect(Segmentation(of: String(repeating: "a", count: 153 * 255)).isWithinLimit)
        #expect(!Segmentation(of: String(repeating: "a", count: 153 * 255 + 1)).isWithinLimit)
    }
}
