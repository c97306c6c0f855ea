extension Provider {
    /// The rules of every endpoint for a caller who is known and may call.
    mutating func answer(
        _ endpoint: Endpoint,
        _ call: Call,
        account index: Int,
        token: IssuedToken,
        at now: WallTime,
        entry: inout Ledger.Call
    ) -> Handling {
        let account = accounts[index]
        switch endpoint {
        case .send: return send(call, account: index, at: now, entry: &entry)
        case .sendBatch: return sendBatch(call, account: index, at: now, entry: &entry)
        case .sendGlobal: return sendGlobal(call, account: index, at: now, entry: &entry)
        case .login, .refresh, .invalidate:
            tokens.revoke(token.sign, at: now)
            return Handling(reply: .answer(.json(["message": "token_invalidated"])))
        case .addTemplate: return Handling(reply: .answer(addTemplate(call.fields, account: account, at: now)))
        case .gen1(let leftover): return Handling(reply: .answer(answer(leftover, call, account: account, at: now)))
        case .user: return Handling(reply: .answer(.json(userDocument(account))))
        case .normalizer: return Handling(reply: .answer(normalize(call.fields)))
        case .check: return Handling(reply: .answer(check(call.fields, account: account)))
        case .statusByID(let id): return Handling(reply: .answer(status(of: id, account: account, at: now)))
        case .userMessages: return Handling(reply: .answer(userMessages(call, account: account)))
        case .messagesByDispatch: return Handling(reply: .answer(messagesByDispatch(call, account: account)))
        case .dispatchStatus: return Handling(reply: .answer(dispatchStatus(call.fields, account: account)))
        case .logs(let id): return Handling(reply: .answer(logs(of: id, account: account)))
        case .nicknames: return Handling(reply: .answer(.json(.array(account.senders.map(JSON.string)))))
        case .limit:
            return Handling(
                reply: .answer(.json(["data": ["balance": balance(of: account)], "status": "success"]))
            )
        case .prices: return Handling(reply: .answer(.json(Self.prices)))
        case .templates: return Handling(reply: .answer(.json(templatesDocument(account))))
        case .totals: return Handling(reply: .answer(totals(call.fields, account: account)))
        case .totalByMonth: return Handling(reply: .answer(totalByMonth(call.query, account: account)))
        case .totalBySMSC: return Handling(reply: .answer(totalBySMSC(call.fields, account: account)))
        case .totalByRange: return Handling(reply: .answer(totalByRange(call, account: account)))
        case .totalByDispatch: return Handling(reply: .answer(totalByDispatch(call, account: account)))
        case .export: return Handling(reply: .answer(export(call, account: account)))
        }
    }
}
