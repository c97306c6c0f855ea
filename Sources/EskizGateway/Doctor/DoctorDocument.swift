import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DoctorReport {
    /// As `GET /v1/doctor` answers it.
    var json: [UInt8] {
        JSONWriter.object(capacity: 4_096) { answer in
            answer.member("at", at)
            answer.member("ok", failures == 0)
            answer.member("failed", failures)
            answer.member("warnings", warnings)
            answer.name("checks")
            answer.array(findings) { $0.finding($1) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func finding(_ finding: DoctorFinding) {
        object { answer in
            answer.member("check", finding.check.rawValue)
            answer.member("result", finding.result.rawValue)
            answer.member("code", finding.code.rawValue)
            answer.member("finding", finding.finding(in: "en"))
            answer.optional("remedy", finding.remedy(in: "en"))
            answer.optional("count", finding.count)
            answer.optional("error", finding.error)
            answer.optional("culprit", finding.culprit)
            if !finding.lanes.isEmpty {
                answer.name("lanes")
                answer.array(finding.lanes) { $0.string($1.rawValue) }
            }
            answer.optional("since", finding.since)
            answer.optional("until", finding.until)
            answer.optional("seconds", finding.time.map(\.components.seconds))
            answer.optional("bytes", finding.bytes)
            if let amount = finding.amount { answer.nullableNumber("amount", amount.description) }
        }
    }
}

/// What a gateway has answered, read again by whoever asked.
package struct DoctorAnswer: Sendable, Decodable {
    package struct Check: Sendable, Decodable {
        package var check: String
        package var result: String
        package var code: String
        package var finding: String
        package var remedy: String?
        var count: Int?
        var error: String?
        var culprit: String?
        var lanes: [String]?
        var since: String?
        var until: String?
        var seconds: Int64?
        var bytes: UInt64?
        var amount: Decimal?

        /// Nil for what only a newer gateway than this program finds: its own words are English.
        package var known: DoctorFinding? {
            guard let check = DoctorFinding.Check(rawValue: check), let result = DoctorFinding.Result(rawValue: result),
                let code = DoctorCode(rawValue: code)
            else { return nil }
            var finding = DoctorFinding(check, result, code)
            finding.count = count
            finding.error = error
            finding.culprit = culprit
            finding.lanes = (lanes ?? []).compactMap(Lane.init(rawValue:))
            finding.since = since.flatMap(RFC3339.moment)
            finding.until = until.flatMap(RFC3339.moment)
            finding.time = seconds.map { .seconds($0) }
            finding.bytes = bytes
            finding.amount = amount
            return finding
        }
    }

    package var failed: Int
    package var warnings: Int
    package var checks: [Check]

    package init(_ document: [UInt8]) throws {
        self = try JSONDecoder().decode(DoctorAnswer.self, from: Data(document))
    }
}
