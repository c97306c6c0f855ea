import EskizPrometheus
import Testing

struct LabelSetTests {
    @Test(arguments: [
        ("lane", "lane"),
        ("error.type", "error_type"),
        ("1st", "_1st"),
        ("__name__", "_name__"),
        ("____", "_"),
        ("", "_"),
        ("le", "exported_le"),
        ("quantile", "exported_quantile"),
    ])
    func `names are put into the grammar, and never into what is reserved`(given: String, name: String) {
        #expect(LabelSet([(given, "x")]).labels.map(\.name) == [name])
    }

    @Test func `the order in which labels are given is no difference`() {
        let one = LabelSet([("lane", "otp"), ("outcome", "ok")])
        let other = LabelSet([("outcome", "ok"), ("lane", "otp")])
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one.labels.map(\.name) == ["lane", "outcome"])
    }

    @Test func `an empty value is no label`() {
        #expect(LabelSet([("lane", "")]) == LabelSet())
    }

    @Test func `names that become the same share a label, and no value is lost`() {
        let labels = LabelSet([("a_b", "3"), ("a.b", "2"), ("a-b", "1"), ("c", "4")]).labels
        #expect(labels.map(\.name) == ["a_b", "c"])
        #expect(labels.map(\.value) == ["1;2;3", "4"])
    }

    @Test func `sets are ordered by names and values, the empty one first`() {
        let sets = [[("b", "1")], [("a", "2")], [], [("a", "1"), ("b", "1")], [("a", "1")]].map { LabelSet($0) }
        let expected = [[], [("a", "1")], [("a", "1"), ("b", "1")], [("a", "2")], [("b", "1")]].map { LabelSet($0) }
        #expect(sets.sorted() == expected)
    }
}
