extension APIDescription {
    static let operationPaths = #"""
        "/v1/token":{
          "get":{"operationId":"showToken","tags":["account"],"summary":"What is held",
            "description":"Needs the scope read. Never the token itself.",
            "responses":{
              "200":{"description":"The token's state.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Token"}}}},
              \#(refused("400", "401", "403", "405", "500"))}}},
        "/v1/token/refresh":{
          "post":{"operationId":"refreshToken","tags":["account"],"summary":"Ask Eskiz for a new token now",
            "description":"Needs the scope admin. The gateway does this by itself in time; this is for the impatient.",
            \#(emptyBody),
            "responses":{
              "200":{"description":"The new token's state.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Token"}}}},
              \#(refused("400", "401", "403", "405", "413", "415", "422", "429", "500", "502", "503", "504"))}}},
        "/v1/account":{
          "get":{"operationId":"showAccount","tags":["account"],"summary":"Balance, role, senders, prices",
            "description":"Needs the scope read. Eskiz is asked at most once a minute.",
            "responses":{
              "200":{"description":"As Eskiz says.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Account"}}}},
              \#(refused("400", "401", "403", "405", "429", "500", "502", "503", "504"))}}},
        "/v1/doctor":{
          "get":{"operationId":"examine","tags":["operation"],"summary":"Why messages do not arrive",
            "description":"Needs the scope read. What holds sending up, store, disk, clocks, token, balance, delivery reports, webhooks and unclear outcomes, each with what to do about it. `eskiz doctor` shows it to people. It waits for nothing, and asks Eskiz nothing but, at most once a minute, the balance.",
            "responses":{
              "200":{"description":"What was found, well or not.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Examination"}}}},
              \#(refused("400", "401", "403", "405", "500"))}}},
        "/v1/events":{
          "get":{"operationId":"streamEvents","tags":["operation"],"summary":"Everything as it happens",
            "description":"Needs the scope read. Server-sent events `message` (a Message), `token` (a Token) and `breaker` (`{state}`), with a comment every 15 seconds. The stream ends when the gateway stops or the reader does not keep up. Each event has an `id`; who comes back with it as `Last-Event-ID` gets what was missed, after an event `gap` if that is not all. A browser, which cannot send a key, takes a ticket.",
            "parameters":[
              {"name":"Last-Event-ID","in":"header","required":false,"schema":{"type":"string"}},
              {"name":"last_event_id","in":"query","required":false,"description":"The same, for those who cannot set a header.","schema":{"type":"string"}},
              {"name":"ticket","in":"query","required":false,"description":"From POST /v1/events/ticket, in the place of a key.","schema":{"type":"string"}}],
            "responses":{
              "200":{"description":"An endless stream.","content":{"text/event-stream":{"schema":{"type":"string"}}}},
              \#(refused("400", "401", "403", "405", "500", "503"))}}},
        "/v1/events/ticket":{
          "post":{"operationId":"issueEventTicket","tags":["operation"],"summary":"A ticket for the stream of events",
            "description":"Needs the scope read. The ticket opens /v1/events for a minute, and nothing else.",
            \#(emptyBody),
            "responses":{
              "200":{"description":"The ticket.","content":{"application/json":{"schema":{"type":"object",
                "required":["ticket","expires_at"],"properties":{"ticket":{"type":"string"},
                  "expires_at":{"type":"string","format":"date-time"}}}}}},
              \#(refused("400", "401", "403", "405", "413", "415", "422", "429", "500"))}}},
        "/metrics":{
          "get":{"operationId":"showMetrics","tags":["operation"],"summary":"Numbers for Prometheus",
            "description":"Needs the scope read.",
            "responses":{
              "200":{"description":"The text format 0.0.4.","content":{"text/plain":{"schema":{"type":"string"}}}},
              \#(refused("401", "403", "405", "500"))}}},
        "/openapi.json":{
          "get":{"operationId":"showDescription","tags":["operation"],"summary":"This document","description":"Any key.",
            "responses":{
              "200":{"description":"OpenAPI 3.1.","content":{"application/json":{"schema":{"type":"object"}}}},
              \#(refused("401", "405", "500"))}}},
        "/healthz":{
          "get":{"operationId":"health","tags":["operation"],"summary":"Is it alive","security":[],
            "responses":{
              "200":{"description":"It is.","content":{"application/json":{"schema":{"type":"object",
                "required":["status"],"properties":{"status":{"const":"ok"}}}}}},
              \#(refused("405", "500"))}}},
        "/readyz":{
          "get":{"operationId":"readiness","tags":["operation"],"summary":"Can it accept","security":[],
            "description":"The store is writable, there is a token or the means to get one, and it is not stopping. `holds` says what keeps messages from being sent meanwhile.",
            "responses":{
              "200":{"description":"It can.","content":{"application/json":{"schema":{"type":"object",
                "required":["status","holds"],"properties":{"status":{"const":"ready"},
                  "holds":{"type":"array","items":{"$ref":"#/components/schemas/Hold"}}}}}}},
              \#(refused("405", "500", "503"))}}}
        """#

    static let parameters = #"""
        "Id":{"name":"id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/Id"}},
        "IdempotencyKey":{"name":"Idempotency-Key","in":"header","required":false,
          "description":"The same key with the same request is one message: a repeat gets the first answer. Kept as long as the message.",
          "schema":{"type":"string","minLength":1,"maxLength":255,
            "pattern":\#(quoted(MessageRules.idempotencyKeyPattern))},"example":"5f0c7a52-order-17"},
        "Prefer":{"name":"Prefer","in":"header","required":false,
          "description":"`wait=N`: answer when the message is submitted or final, at the latest after N (1 to 60) seconds. Anything else is ignored.",
          "schema":{"type":"string"},"example":"wait=5"}
        """#

    static let headers = #"""
        "Location":{"description":"Where the message is.","schema":{"type":"string","format":"uri-reference"}},
        "PreferenceApplied":{"description":"The wait that was granted, if one was asked for.","schema":{"type":"string"}},
        "RetryAfter":{"description":"Seconds until it is worth asking again.","required":true,
          "schema":{"type":"integer","minimum":1}},
        "MaybeRetryAfter":{"description":"Seconds until it is worth asking again.",
          "schema":{"type":"integer","minimum":1}},
        "Allow":{"description":"The methods of this path.","required":true,"schema":{"type":"string"}},
        "WWWAuthenticate":{"description":"What kind of key is needed.","required":true,"schema":{"type":"string"}}
        """#

    static let responses = [
        response("400", "The body is not JSON, or a parameter cannot be used."),
        response("401", "No API key, or one that is not accepted.", header: ("WWW-Authenticate", "WWWAuthenticate")),
        response("403", "The key lacks the scope.", header: ("WWW-Authenticate", "WWWAuthenticate")),
        response("404", "There is no such message or verification, or it is not the key's to see."),
        response("405", "This method is not for this path.", header: ("Allow", "Allow")),
        response(
            "409",
            "The message is past this; or a request with the same idempotency key is being worked on.",
            header: ("Retry-After", "MaybeRetryAfter")
        ),
        response("413", "The body has more than 1 MiB."),
        response("415", "The body must be `application/json`."),
        response("422", "Fields are wrong, or the idempotency key belongs to another request."),
        response(
            "429",
            "Too much waits, a code would expire before its turn, or a limit.",
            header: ("Retry-After", "RetryAfter")
        ),
        response("500", "A fault of the gateway."),
        response("502", "Eskiz did not answer as it should."),
        response("503", "Messages cannot be kept just now.", header: ("Retry-After", "RetryAfter")),
        response("504", "Eskiz did not answer in time."),
    ].joined(separator: ",\n")

    private static func response(
        _ status: String,
        _ description: String,
        header: (name: String, component: String)? = nil
    ) -> String {
        let headers = header.map { ##""headers":{"\##($0.name)":{"$ref":"#/components/headers/\##($0.component)"}},"## }
        return ##""\##(status)":{"description":\##(quoted(description)),\##(headers ?? "")"##
            + ##""content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}"##
    }
}
