/// What `GET /` says to somebody who looks in without a browser.
enum HomePage {
    static let answer = Answer.text(
        """
        Eskiz simulator

        The provider's API is under /api. Accounts: demo@example.test / demo-key, test@example.test / test-key.

        GET    /_simulator/messages?to=&limit=            the inbox, newest first
        DELETE /_simulator/messages                       an empty inbox
        GET    /_simulator/messages/next?to=&after=&wait= the next message, or 404 after waiting
        POST   /_simulator/tokens {expires_in, email}     a token, expired if you like
        POST   /_simulator/tokens/expire                  every token is dead now
        GET    /_simulator/behaviour                      the switches; PUT some, DELETE for the defaults
        GET    /_simulator/faults                         scripted faults; POST one, DELETE all
        DELETE /_simulator/faults/{id}                    one of them
        GET    /_simulator/ledger                         every call in order
        GET    /_simulator/clock                          the provider's time; POST {advance}
        GET    /_simulator/templates                      texts to moderate; POST .../{id} {status}
        GET    /_simulator/events                         server-sent events: something has changed
        POST   /_simulator/reset                          as new

        """
    )
}
