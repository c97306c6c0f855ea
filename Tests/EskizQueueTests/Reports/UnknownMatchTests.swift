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
    id: String = "u-1",
    status: String = "ACCEPTED"
) throws -> MessageRecord {
    let time = at.map { "\"\(WireTime.seconds($0.date))\"" } ?? "null"
    let number = number.map { "\"\($0)\"" } ?? "null"
    let json = """
        {"id":7,"request_id":"\(id)","user_sms_id":\(number),"to":"\(phone)","message":"\(text)","status":"\(status)",
        "created_at":\(time),"total_price":95,"parts_count":1}
        """
    return try JSONDecoder().decode(MessageRecord.self, from: Data(json.utf8))
}

struct UnknownMatchTests {
    private func unknown(
        _ id: Int64 = 1,
        phone: String = "998901234567",
        text: String? = "Salom",
        writingAt: Timestamp = start,
        absences: Int = 0,
        lane: Lane = .transactional,
        expiresAt: Timestamp? = nil
    ) -> UnsettledMessage {
        UnsettledMessage(
            message: sampleMessage(id, lane: lane, state: .unknown, phone: phone, text: text, expiresAt: expiresAt),
            writingAt: writingAt,
            absences: absences
        )
    }

    @Test func `our number decides, whatever else the row says`() throws {
        let rows = [try row(number: "2"), try row(number: "1", phone: "998900000000", text: "?", id: "u-2")]
        #expect(UnknownMatch.find([unknown(1)], in: rows).mapValues(\.requestID) == [MessageID(1): "u-2"])
    }

    @Test func `a row with somebody else's number is never ours`() throws {
        #expect(UnknownMatch.find([unknown(1)], in: [try row(number: "2")]).isEmpty)
        #expect(UnknownMatch.find([unknown(1)], in: [try row(number: "01")]).isEmpty)
        #expect(UnknownMatch.find([unknown(1)], in: [try row(number: "order-1")]).isEmpty)
    }

    @Test func `a row without a number is found by phone, text and time`() throws {
        #expect(UnknownMatch.find([unknown()], in: [try row()]).count == 1)
        #expect(UnknownMatch.find([unknown()], in: [try row(number: "")]).count == 1)
        #expect(UnknownMatch.find([unknown()], in: [try row(at: nil)]).count == 1)
        #expect(UnknownMatch.find([unknown()], in: [try row(phone: "998901234568")]).isEmpty)
        #expect(UnknownMatch.find([unknown()], in: [try row(text: "Salom!")]).isEmpty)
        #expect(UnknownMatch.find([unknown(text: nil)], in: [try row()]).isEmpty)
        #expect(UnknownMatch.find([unknown()], in: [try row(at: start - .seconds(61))]).isEmpty)
        #expect(UnknownMatch.find([unknown()], in: [try row(at: start - .seconds(60))]).count == 1)
        #expect(UnknownMatch.find([unknown()], in: [try row(at: start + .seconds(300))]).count == 1)
        #expect(UnknownMatch.find([unknown()], in: [try row(at: start + .seconds(301))]).isEmpty)
    }

    @Test func `each row stands for one message, the nearest`() throws {
        let unknowns = [
            unknown(1), unknown(2, writingAt: start + .seconds(30)), unknown(3, writingAt: start + .seconds(90)),
        ]
        let rows = [
            try row(at: start + .seconds(89), id: "late"), try row(at: start + .seconds(2), id: "early"),
        ]
        let found = UnknownMatch.find(unknowns, in: rows).mapValues(\.requestID)
        #expect(found == [MessageID(1): "early", MessageID(3): "late"])
    }

    @Test func `what was found by number takes no row without one`() throws {
        let rows = [try row(number: "1", id: "a"), try row(id: "b")]
        let found = UnknownMatch.find([unknown(1), unknown(2)], in: rows).mapValues(\.requestID)
        #expect(found == [MessageID(1): "a", MessageID(2): "b"])
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

    @Test func `without a list an unknown stays one for a day, and then for good`() {
        #expect(policy.unlisted(unknown(), at: start + .seconds(86_399)) == nil)
        guard case .settle(.unknownForGood, .forGood)? = policy.unlisted(unknown(), at: start + .seconds(86_400)) else {
            Issue.record("not given up after a day")
            return
        }
    }
}
