// The one flight of a keeper: what the machine asks for, done.

extension TokenKeeper {
    /// Performs the steps of one flight.
    ///
    /// It belongs to the keeper: no caller's cancellation reaches it.
    func fly(_ id: RenewalMachine.FlightID, _ first: RenewalMachine.Step) async {
        var step: RenewalMachine.Step? = first
        var lock: TokenStoreLock?
        // What was read is what is used: a key that is replaced meanwhile is for the next flight.
        var login: LoginCredentials?
        // In the calls of this flight so far.
        var spent: Int64 = 0
        while let current = step {
            let begun = clock.now()
            let event: RenewalMachine.FlightEvent
            switch current {
            case .read:
                login = credentials.login()
                event = await read(login)
            case .lock(let deadline):
                do {
                    lock = try await store.lock(
                        until: Instant(wall: begun.wall, elapsed: deadline),
                        clock: clock
                    )
                    event = .locked(waited: clock.now().elapsed.subtractingClamped(begun.elapsed))
                } catch {
                    event = Self.event(of: error)
                }
            case .refresh(let token, let hasFallback):
                event = .answered(
                    await observer.timed(.refresh) {
                        await authority.refresh(token, hasFallback: hasFallback, after: .nanoseconds(spent))
                    }
                )
                spent += clock.now().elapsed.subtractingClamped(begun.elapsed)
            case .logIn(let hasFallback):
                if let login {
                    event = .answered(
                        await observer.timed(.login) {
                            await authority.logIn(login, hasFallback: hasFallback, after: .nanoseconds(spent))
                        }
                    )
                    spent += clock.now().elapsed.subtractingClamped(begun.elapsed)
                } else {
                    event = .answered(.refused(RenewalMachine.noLoginConfiguredError))
                }
            case .publish(let record, let generation):
                do {
                    if let other = try await store.publish(record, replacing: generation) {
                        event = .superseded(other)
                    } else {
                        event = .published
                    }
                } catch {
                    event = .publishFailed(Self.sentence(of: error))
                }
            }
            step = receive(.flight(id, event), releasing: lock)
        }
    }

    private func read(_ login: LoginCredentials?) async -> RenewalMachine.FlightEvent {
        let login = login.map {
            RenewalMachine.LoginFacts(credentials: $0.digest, account: $0.account)
        }
        do {
            return .read(try await store.load(), login: login)
        } catch {
            // A store that cannot be read holds nothing for us; the lock will tell whether it can be written.
            return .read(StoredToken(record: nil, anomaly: Self.sentence(of: error)), login: login)
        }
    }

    private static func event(of error: TokenStoreError) -> RenewalMachine.FlightEvent {
        switch error {
        case .busy, .cancelled: .lockBusy
        case .unreachable(let reason): .storeUnreachable(reason)
        }
    }

    private static func sentence(of error: TokenStoreError) -> String {
        switch error {
        case .busy: "the store is busy"
        case .cancelled: "the wait for the store was given up"
        case .unreachable(let reason): reason
        }
    }
}
