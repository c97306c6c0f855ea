import Eskiz
import EskizQueue
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A row of Eskiz's list, read as it comes over the wire.
func row(
    number: String? = nil,
    phone: String = "998901234567",
    text: String = "Salom",
    at: Timestamp? = start,
    id: String? = "u-1",
    rowNumber: Int? = nil,
    status: String = "ACCEPTED"
) throws -> EskizClient.MessageRecord {
    let time = at.map { "\"\(WireTime.seconds($0.date))\"" } ?? "null"
    let number = number.map { "\"\($0)\"" } ?? "null"
    let uuid = id.map { "\"\($0)\"" } ?? "null"
    let json = """
        {"id":\(rowNumber.map(String.init) ?? "null"),"request_id":\(uuid),"user_sms_id":\(number),"to":"\(phone)","message":"\(text)","status":"\(status)",
        "created_at":\(time),"total_price":95,"parts_count":1}
        """
    return try JSONDecoder().decode(EskizClient.MessageRecord.self, from: Data(json.utf8))
}

struct UnknownMatchTests {
    private func unknown(
        _ id: Int64 = 1,
        phone: String = "998901234567",
        text: String? = "Salom",
        writingAt: Timestamp = start,
        absences: Int = 0,
        lane: Lane = .transactional,
        expiresAt: Timestamp? = nil,
        firstTryAt: Timestamp? = nil,
        resends: Int = 0
    ) -> UnsettledMessage {
        UnsettledMessage(
            message: sampleMessage(id, lane: lane, state: .unknown, phone: phone, text: text, expiresAt: expiresAt),
            writingAt: writingAt,
            firstTryAt: firstTryAt,
            absences: absences,
            resends: resends
        )
    }

    /// The rows that were found, by their UUID.
    private func found(_ unknowns: [UnsettledMessage], in rows: [EskizClient.MessageRecord]) -> [MessageID: String?] {
        UnknownMatch.find(unknowns, in: rows).found.mapValues(\.requestID)
    }

    @Test func `number, phone and text decide together`() throws {
        let other = try row(number: "1", phone: "998900000000", text: "?", id: "u-2")
        let findings = UnknownMatch.find([unknown(1)], in: [try row(number: "2"), other])
        #expect(findings.found.isEmpty && findings.unclear.isEmpty)
        #expect(findings.foreign == [MessageID(1)])
        // And ours below it is found all the same.
        #expect(found([unknown(1)], in: [other, try row(number: "1", id: "u-3")]) == [MessageID(1): "u-3"])
    }

    @Test func `our number and phone with another text is not applied, and forbids to say that it is absent`() throws {
        let findings = UnknownMatch.find([unknown(1)], in: [try row(number: "1", text: "Xayr")])
        #expect(findings.found.isEmpty && findings.unclear == [MessageID(1)] && findings.foreign == [MessageID(1)])
        #expect(found([unknown(1, text: nil)], in: [try row(number: "1", text: "Xayr")]).count == 1)
        #expect(found([unknown(1)], in: [try row(number: "1", text: " Salom ")]).count == 1)
    }

    @Test func `a row that is known as another message's is not taken, whatever the round`() throws {
        let taken = KnownRows([KnownRow(messageID: MessageID(2), providerID: "u-1", providerNumber: "7")])
        for (uuid, number, isFound) in [
            ("u-1", 7, false), (nil, 7, false), ("u-1", 8, true), ("u-2", 7, false), ("u-2", nil, true),
        ] as [(String?, Int?, Bool)] {
            let row = try row(id: uuid, rowNumber: number)
            let found = UnknownMatch.find([unknown(1)], in: [row], known: taken).found
            #expect(found.count == (isFound ? 1 : 0), "\(uuid ?? "-") \(number ?? 0)")
            // To whom it belongs it may be shown again.
            #expect(UnknownMatch.find([unknown(2)], in: [row], known: taken).found.count == 1)
        }
        let unnumbered = KnownRows([KnownRow(messageID: MessageID(2), providerID: "u-1", providerNumber: nil)])
        #expect(UnknownMatch.find([unknown(1)], in: [try row(rowNumber: 9)], known: unnumbered).found.isEmpty)
    }

    @Test func `a row that cannot be remembered, or may be a twin's that is under way, proves nothing`() throws {
        let nameless = UnknownMatch.find([unknown()], in: [try row(id: nil)])
        #expect(nameless.found.isEmpty && nameless.unclear == [MessageID(1)])
        let twin = UnknownMatch.Twin(phone: "998901234567", text: "Salom")
        let underWay = UnknownMatch.find([unknown()], in: [try row()], underWay: [twin])
        #expect(underWay.found.isEmpty && underWay.unclear == [MessageID(1)])
    }

    @Test func `a row without a number is compared by Eskiz's clock`() throws {
        let rows = [try row(at: start + .seconds(600))]
        #expect(UnknownMatch.find([unknown()], in: rows).found.isEmpty)
        #expect(UnknownMatch.find([unknown()], in: rows, offset: .seconds(600)).found.count == 1)
        #expect(UnknownMatch.find([unknown()], in: rows, offset: .seconds(-600)).found.isEmpty)
    }

    @Test func `a row with somebody else's number is never ours`() throws {
        #expect(found([unknown(1)], in: [try row(number: "2")]).isEmpty)
        #expect(found([unknown(1)], in: [try row(number: "01")]).isEmpty)
        #expect(found([unknown(1)], in: [try row(number: "order-1")]).isEmpty)
    }

    @Test func `a row without a number is found by phone, text and time`() throws {
        #expect(found([unknown()], in: [try row()]).count == 1)
        #expect(found([unknown()], in: [try row(number: "")]).count == 1)
        #expect(found([unknown()], in: [try row(at: nil)]).count == 1)
        #expect(found([unknown()], in: [try row(phone: "998901234568")]).isEmpty)
        #expect(found([unknown()], in: [try row(text: "Salom!")]).isEmpty)
        #expect(found([unknown(text: nil)], in: [try row()]).isEmpty)
        #expect(found([unknown()], in: [try row(at: start - .seconds(61))]).isEmpty)
        #expect(found([unknown()], in: [try row(at: start - .seconds(60))]).count == 1)
        #expect(found([unknown()], in: [try row(at: start + .seconds(300))]).count == 1)
        #expect(found([unknown()], in: [try row(at: start + .seconds(301))]).isEmpty)
    }

    @Test func `each row stands for one message, the nearest`() throws {
        let unknowns = [
            unknown(1), unknown(2, writingAt: start + .seconds(30)), unknown(3, writingAt: start + .seconds(90)),
        ]
        let rows = [
            try row(at: start + .seconds(89), id: "late"), try row(at: start + .seconds(2), id: "early"),
        ]
        #expect(found(unknowns, in: rows) == [MessageID(1): "early", MessageID(3): "late"])
    }

    @Test func `what was found by number takes no row without one`() throws {
        let rows = [try row(number: "1", id: "a"), try row(id: "b")]
        #expect(found([unknown(1), unknown(2)], in: rows) == [MessageID(1): "a", MessageID(2): "b"])
    }

    // MARK: What to do

    private var policy: UnknownPolicy {
        UnknownPolicy(settleTime: .seconds(60), requestTimeout: .seconds(30), resend: [.otp, .transactional])
    }

    @Test func `the first absence proves nothing`() {
        let decision = policy.absent(unknown(), at: start + .seconds(300))
        #expect(decision == .lookAgain(absences: 1, at: start + .seconds(360)))
    }

    @Test func `a second absence too soon after the first byte proves nothing either`() {
        let decision = policy.absent(unknown(absences: 1), at: start + .seconds(89))
        #expect(decision == .lookAgain(absences: 2, at: start + .seconds(149)))
        #expect(policy.absent(unknown(), at: start + .seconds(1)) == .lookAgain(absences: 1, at: start + .seconds(90)))
    }

    @Test(arguments: [
        (Lane.otp, Timestamp?.none, UnknownResolution.sentAgain), (.otp, start + .seconds(1_000), .sentAgain),
        (.otp, start + .seconds(100), .expired), (.transactional, nil, .sentAgain),
        (.transactional, start + .seconds(99), .expired), (.bulk, nil, .notSent),
        (.bulk, start + .seconds(99), .expired),
    ])
    func `absent twice is not taken, and the lane says what follows`(
        _ lane: Lane,
        _ expiresAt: Timestamp?,
        _ expected: UnknownResolution
    ) {
        let decision = policy.absent(unknown(absences: 1, lane: lane, expiresAt: expiresAt), at: start + .seconds(100))
        guard case .settle(let resolution, expected) = decision else {
            Issue.record("decided otherwise: \(decision)")
            return
        }
        if case .notSent(let error) = resolution { #expect(error.code == "outcome_unknown_not_sent") }
    }

    @Test func `a code counts as absent while there is time to send it again`() {
        let code = unknown(lane: .otp, expiresAt: start + .seconds(120))
        let looked = unknown(absences: 1, lane: .otp, expiresAt: start + .seconds(120))
        #expect(policy.absent(code, at: start + .seconds(60)) == .lookAgain(absences: 1, at: start + .seconds(90)))
        #expect(policy.absent(looked, at: start + .seconds(90)) == .settle(.sendAgain, .sentAgain))
        #expect(policy.absent(code, at: start + .seconds(91)) == .lookAgain(absences: 1, at: start + .seconds(96)))
    }

    @Test func `what an Eskiz client was told by a 5xx is not sent again without it`() {
        for (origin, status, isSentAgain) in [
            (Message.Origin.eskiz, 502, false), (.eskiz, nil, true), (.api, 502, true),
        ] {
            var unknown = unknown(absences: 1)
            unknown.message.origin = origin
            unknown.message.error = MessageError(code: "server_error", message: "No.", httpStatus: status)
            guard case .settle(_, let resolution) = policy.absent(unknown, at: start + .seconds(100)) else {
                Issue.record("not decided")
                continue
            }
            #expect(resolution == (isSentAgain ? .sentAgain : .notSent))
        }
    }

    @Test(arguments: [
        (Lane.transactional, 0, 0, true), (.transactional, 1, 0, false), (.transactional, 0, 86_400, false),
        (.transactional, 0, 86_000, true), (.otp, 0, 200_000, true), (.otp, 1, 0, false),
    ])
    func `an unclear outcome is repeated once, within the patience of its lane`(
        lane: Lane,
        resends: Int,
        age: Int,
        isSentAgain: Bool
    ) {
        let now = start + .seconds(100)
        let unknown = unknown(absences: 1, lane: lane, firstTryAt: now - .seconds(age), resends: resends)
        guard case .settle(let resolution, let name) = policy.absent(unknown, at: now) else {
            Issue.record("not decided")
            return
        }
        #expect(name == (isSentAgain ? .sentAgain : .forGood))
        if case .needsPerson(let error) = resolution {
            #expect(!isSentAgain && error.code == "outcome_unknown")
        } else {
            #expect(isSentAgain && resolution == .sendAgain)
        }
    }

    @Test func `how often is a setting`() {
        var policy = policy
        for (limit, resends, expected) in [(0, 0, UnknownResolution.forGood), (3, 2, .sentAgain), (3, 3, .forGood)] {
            policy.resendLimit = limit
            guard
                case .settle(_, expected) = policy.absent(
                    unknown(absences: 1, resends: resends),
                    at: start + .seconds(100)
                )
            else {
                Issue.record("limit \(limit), \(resends) times")
                continue
            }
        }
    }

    @Test func `what proves nothing is looked for again, does not count, and ends with a person`() {
        let soon = start + .seconds(100)
        #expect(policy.unclear(unknown(absences: 1), at: soon) == .lookAgain(absences: 1, at: soon + .seconds(60)))
        guard case .settle(.needsPerson, .forGood) = policy.unclear(unknown(), at: start + .seconds(600)) else {
            Issue.record("not given up after ten minutes")
            return
        }
    }

    @Test func `without a list an unknown stays one for a day, and then for good`() {
        #expect(policy.unlisted(unknown(), at: start + .seconds(86_399)) == nil)
        guard case .settle(.needsPerson, .forGood)? = policy.unlisted(unknown(), at: start + .seconds(86_400)) else {
            Issue.record("not given up after a day")
            return
        }
    }
}
