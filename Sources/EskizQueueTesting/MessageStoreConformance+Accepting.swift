import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let accepting: [Check] = [
        Check("an accepted message is kept with everything that was said about it") { bench in
            let new = bench.new(
                .bulk,
                reference: "order 7",
                webhookURL: "https://app.example.test/hook",
                client: .init(userSMSID: "55", callbackURL: "https://app.example.test/callback"),
                expiresAt: bench.noon + .seconds(60)
            )
            let message = try await bench.accept(new)
            try expect(message.state, is: .queued, "state")
            try expect(message.lane, is: .bulk, "lane")
            try expect(message.phone, is: new.phone, "phone")
            try expect(message.text, is: new.text, "text")
            try expect(message.sender, is: new.sender, "sender")
            try expect(message.segments, is: new.segments, "segments")
            try expect(message.encoding, is: new.encoding, "encoding")
            try expect(message.reference, is: new.reference, "reference")
            try expect(message.apiKeyID, is: new.apiKeyID, "key")
            try expect(message.origin, is: new.origin, "origin")
            try expect(message.webhookURL, is: new.webhookURL, "webhook")
            try expect(message.client, is: new.client, "client")
            try expect(message.batch, is: nil, "batch")
            try expect(message.createdAt, is: bench.noon, "created")
            try expect(message.dueAt, is: bench.noon, "due")
            try expect(message.expiresAt, is: new.expiresAt, "expires")
            try expect(message.attempts, is: 0, "attempts")
            try expect(message.finalAt, is: nil, "final")
            try expect(try await bench.message(message.id), is: message, "the message, read again")
        },
        Check("a message is scheduled if its time lies ahead, and queued otherwise") { bench in
            let later = try await bench.accept(bench.new(sendAt: bench.noon + .milliseconds(1)))
            let now = try await bench.accept(bench.new(sendAt: bench.noon))
            let past = try await bench.accept(bench.new(sendAt: bench.noon - .seconds(5)))
            try expect(later.state, is: .scheduled, "later")
            try expect(later.dueAt, is: bench.noon + .milliseconds(1), "due")
            try expect(now.state, is: .queued, "now")
            try expect(past.state, is: .queued, "past")
            try expect(past.dueAt, is: bench.noon, "a time that has passed does not jump the queue")
        },
        Check("numbers grow and are never given twice, even by a clock that goes back") { bench in
            var last: MessageID?
            for step in 0..<50 {
                let now = step % 7 == 3 ? bench.noon - .seconds(3_600) : bench.noon
                for message in try await bench.acceptAll([bench.new(), bench.new()], at: now) {
                    try expect(last.map { $0 < message.id } ?? true, "\(message.id) after \(last?.text ?? "nothing")")
                    try expect(message.id <= MessageID(MessageID.maximum), "\(message.id) is too large for Eskiz")
                    last = message.id
                }
            }
        },
        Check("a repeated request gets its messages as they are now, and nothing new") { bench in
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1, 2, 3])
            let new = [bench.new(), bench.new(.bulk)]
            guard
                case .accepted(let first, _) = try await bench.store.accept(
                    new,
                    batch: nil,
                    idempotency: key,
                    at: bench.noon
                )
            else { throw ConformanceFailure(description: "the first use of a key was not accepted") }
            guard
                case .cancelled(let cancelled) = try await bench.store.cancel(first[1].id, detail: nil, at: bench.noon)
            else { throw ConformanceFailure(description: "a queued message was not cancelled") }
            let later = bench.noon + .seconds(9)
            let again = try await bench.store.accept(new, batch: nil, idempotency: key, at: later)
            try expect(again, is: .repeated([first[0], cancelled]), "the repetition")
            try expect(try await bench.store.repetition(of: key), is: again, "the repetition that was only asked for")
            try expect(try await bench.allMessages().count, is: 2, "messages")
        },
        Check("a key that is used again for another request is refused, and changes nothing") { bench in
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1])
            let other = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [2])
            _ = try await bench.store.accept([bench.new()], batch: nil, idempotency: key, at: bench.noon)
            let answer = try await bench.store.accept([bench.new()], batch: nil, idempotency: other, at: bench.noon)
            try expect(answer, is: .keyReused, "the answer")
            try expect(
                try await bench.store.repetition(of: other),
                is: .keyReused,
                "the answer that was only asked for"
            )
            let unused = IdempotencyKey(apiKeyID: "k_1", key: "order-2", fingerprint: [1])
            try expect(try await bench.store.repetition(of: unused), is: nil, "the answer to a key that nobody used")
            try expect(try await bench.allMessages().count, is: 1, "messages")
        },
        Check("the first answer to a key is kept with it, for the same request") { bench in
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1])
            let other = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [2])
            try await bench.store.remember([9], for: key)
            try expect(try await bench.store.answer(for: key), is: nil, "the answer to a key that nobody used")
            _ = try await bench.store.accept([bench.new()], batch: nil, idempotency: key, at: bench.noon)
            try expect(try await bench.store.answer(for: key), is: nil, "the answer before there is one")
            try await bench.store.remember([9], for: other)
            try await bench.store.remember([1, 2], for: key)
            try await bench.store.remember([3], for: key)
            try expect(try await bench.store.answer(for: key), is: [1, 2], "the answer")
            try expect(try await bench.store.answer(for: other), is: nil, "the answer to another request")
        },
        Check("the same idempotency key of another API key is another key") { bench in
            for apiKey in ["k_1", "k_2"] {
                let key = IdempotencyKey(apiKeyID: apiKey, key: "order-1", fingerprint: [1])
                let answer = try await bench.store.accept(
                    [bench.new(key: apiKey)],
                    batch: nil,
                    idempotency: key,
                    at: bench.noon
                )
                guard case .accepted = answer else { throw ConformanceFailure(description: "\(apiKey): \(answer)") }
            }
        },
        Check("a request without messages is accepted, and keeps nothing") { bench in
            let answer = try await bench.store.accept([], batch: NewBatch(), idempotency: nil, at: bench.noon)
            try expect(answer, is: .accepted([], superseded: []), "the answer")
        },
        Check("depth counts what waits, queued and sending, by lane") { bench in
            let messages = try await bench.acceptAll([bench.new(.otp), bench.new(.bulk), bench.new(.bulk)])
            _ = try await bench.accept(bench.new(.bulk, sendAt: bench.noon + .seconds(60)))
            try expect(bench.store.depth.total, is: 3, "depth")
            let claim = try await bench.claim(of: messages[1])
            try expect(bench.store.depth[.bulk], is: 2, "a claimed message still waits")
            try await bench.settle(claim, .failed(StoreBench.failure))
            try expect(bench.store.depth[.bulk], is: 1, "one that failed does not")
            try await bench.expectRecount()
        },
    ]

    static let codes: [Check] = [
        Check("a new code cancels older ones of the same key, phone and purpose that have not been sent") { bench in
            let waiting = try await bench.accept(
                bench.new(.otp, webhookURL: "https://app.example.test", purpose: "login")
            )
            let scheduled = try await bench.accept(
                bench.new(.otp, sendAt: bench.noon + .seconds(60), purpose: "login"),
                at: bench.noon
            )
            // The scheduled one has cancelled the waiting one already.
            try expect(try await bench.message(waiting.id).state, is: .cancelled, "the older one")
            let answer = try await bench.store.accept(
                [bench.new(.otp, purpose: "login")],
                batch: nil,
                idempotency: nil,
                at: bench.noon
            )
            guard case .accepted(let new, let superseded) = answer else {
                throw ConformanceFailure(description: "\(answer)")
            }
            try expect(superseded.map(\.id), is: [scheduled.id], "superseded")
            try expect(superseded.first?.state, is: .cancelled, "state")
            try expect(superseded.first?.statusDetail, is: "superseded by \(new[0].id)", "detail")
            try expect(superseded.first?.finalAt, is: bench.noon, "final")
            try expect(superseded.first?.text, is: nil, "its text is erased")
            try expect(try await bench.message(scheduled.id), is: superseded[0], "the message, read again")
            try expect(try await bench.timeline(waiting.id).webhooks.map(\.state), is: [.cancelled], "webhooks")
        },
        Check("a new code leaves alone what is another key's, phone's, purpose's or lane's, and what has been sent") {
            bench in
            var kept: [Message] = []
            kept.append(try await bench.submitted(bench.new(.otp, purpose: "login")))
            let sending = try await bench.accept(bench.new(.otp, purpose: "login"))
            _ = try await bench.claim()
            kept.append(try await bench.message(sending.id))
            kept.append(try await bench.accept(bench.new(.otp, key: "k_2", purpose: "login")))
            kept.append(try await bench.accept(bench.new(.otp, phone: "998935555555", purpose: "login")))
            kept.append(try await bench.accept(bench.new(.otp, purpose: "payment")))
            kept.append(try await bench.accept(bench.new(.otp)))
            kept.append(try await bench.accept(bench.new(.transactional, purpose: "login")))
            let answer = try await bench.store.accept(
                [bench.new(.otp, purpose: "login")],
                batch: nil,
                idempotency: nil,
                at: bench.noon
            )
            guard case .accepted(_, let superseded) = answer else { throw ConformanceFailure(description: "\(answer)") }
            try expect(superseded, is: [], "superseded")
            for message in kept {
                try expect(try await bench.message(message.id), is: message, "message \(message.id)")
            }
        },
        Check("a message of another lane, or without a purpose, cancels nothing") { bench in
            let code = try await bench.accept(bench.new(.otp, purpose: "login"))
            _ = try await bench.accept(bench.new(.transactional, purpose: "login"))
            _ = try await bench.accept(bench.new(.otp))
            try expect(try await bench.message(code.id).state, is: .queued, "state")
        },
        Check("of two codes for the same phone and purpose in one request the later one counts") { bench in
            let answer = try await bench.store.accept(
                [bench.new(.otp, purpose: "login"), bench.new(.otp, purpose: "login")],
                batch: nil,
                idempotency: nil,
                at: bench.noon
            )
            guard case .accepted(let messages, let superseded) = answer else {
                throw ConformanceFailure(description: "\(answer)")
            }
            try expect(messages.map(\.state), is: [.cancelled, .queued], "states")
            try expect(superseded, is: [messages[0]], "superseded")
            try await bench.expectRecount()
        },
        Check("the text of a code is erased once it is submitted or over, and no other text is") { bench in
            try expect(try await bench.submitted(bench.new(.otp)).text, is: nil, "submitted code")
            try expect(try await bench.submitted(bench.new(.bulk), providerID: "u-2").text != nil, "submitted mailing")
            let unknown = try await bench.unknown(bench.new(.otp))
            try expect(unknown.text != nil, "an unknown code may have to be sent again")
            let forGood = try await bench.store.settleUnknown(
                unknown.id,
                as: .unknownForGood(StoreBench.failure),
                at: bench.noon
            )
            try expect(forGood?.text, is: nil, "an unknown code that is settled for good")
            let failed = try await bench.accept(bench.new(.otp))
            try expect(
                try await bench.settle(bench.claim(of: failed), .failed(StoreBench.failure))?.text,
                is: nil,
                "failed code"
            )
            let expired = try await bench.accept(bench.new(.otp, expiresAt: bench.noon))
            _ = try await bench.store.sweep(at: bench.noon, limit: 10)
            try expect(try await bench.message(expired.id).text, is: nil, "expired code")
        },
    ]
}
