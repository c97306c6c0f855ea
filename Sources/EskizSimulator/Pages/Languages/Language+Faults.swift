import EskizWords

extension Language {
    /// What a fault does; a switch is written as the page of the switches has it.
    func say(_ fault: CallFault) -> String {
        switch fault {
        case .scripted(let outcome): say(outcome)
        case .lostAnswer(let answer): "lost_auth_answer: \(answer.rawValue)"
        case .authAnswer(let answer): "auth_answer: \(answer.rawValue)"
        }
    }

    func say(_ outcome: FaultOutcome) -> String {
        if outcome.isStorm { return say(Phrase.storm) }
        if let phrase = outcome.wire.phrase { return say(phrase) }
        guard let status = outcome.status else {
            return say(Phrase.faultDelay, ["time": "\(outcome.delay.setting.text ?? "0") s"])
        }
        let answer = say(status: status)
        return outcome.afterProcessing ? say(Phrase.faultTaken, ["fault": answer]) : answer
    }

    private func say(status: Int) -> String {
        switch status {
        case 401: say(Phrase.fault401)
        case 429: say(Phrase.fault429)
        case 500: say(Phrase.fault500)
        case 502: say(Phrase.fault502)
        case 503: say(Phrase.fault503)
        default: say(Phrase.faultStatus, ["status": String(status)])
        }
    }
}

extension FaultOutcome.Wire {
    /// Nil where an answer is written.
    fileprivate var phrase: Phrase? {
        switch self {
        case .answer: nil
        case .resetBefore: .faultResetBefore
        case .resetAfter: .faultResetAfter
        case .silence: .faultSilence
        case .silenceAfter: .faultSilenceAfter
        case .garbage: .faultGarbage
        case .truncated: .faultTruncated
        }
    }
}
