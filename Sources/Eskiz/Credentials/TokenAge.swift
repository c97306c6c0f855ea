/// How long a token has to live.
enum TokenAge {
    /// Nanoseconds from now to the token's end, or nil if it does not say.
    ///
    /// A token that has just been received lives as long as the server said, however wrong the local clock is (E1). A
    /// stored one is judged on the server's time as it was known when it was received; if that gives more than a whole
    /// life, the clock was set since, and is believed.
    static func remaining(
        of token: BearerToken,
        receivedWall: Int64,
        serverOffset: Int64,
        isNew: Bool,
        now: Instant
    ) -> Int64? {
        guard let end = token.claims?.expiresAt?.multipliedClamped(by: .nanosecondsPerSecond) else { return nil }
        let life = token.claims?.life
        if isNew {
            let byServer = end.subtractingClamped(now.wall.addingClamped(serverOffset))
            guard let life, life > 0 else { return byServer }
            return serverOffset == 0 ? life : min(life, byServer)
        }
        let byServer = end.subtractingClamped(now.wall.addingClamped(serverOffset))
        if let life, byServer > life { return min(life, end.subtractingClamped(now.wall)) }
        return byServer
    }
}
