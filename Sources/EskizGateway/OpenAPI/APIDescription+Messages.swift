extension APIDescription {
    static let messagePaths = #"""
        "/v1/messages":{
          "post":{"operationId":"sendMessage","tags":["messages"],"summary":"Send a message",
            "description":"Needs the scope send. The answer comes when the message is on disk; it is sent from there.",
            "parameters":[{"$ref":"#/components/parameters/IdempotencyKey"},{"$ref":"#/components/parameters/Prefer"}],
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/NewMessage"},
              "examples":{
                "code":{"value":{"to":"+998 90 123 45 67","text":"Sizning tasdiqlash kodingiz: 123456","lane":"otp",
                  "expires_in":"2m"}},
                "notice":{"value":{"to":"901234567","text":"Buyurtmangiz tayyor","reference":"order-17"}}}}}},
            "responses":{
              "200":{"description":"With `Prefer: wait`: submitted or final.",
                "headers":{"Location":{"$ref":"#/components/headers/Location"},
                  "Preference-Applied":{"$ref":"#/components/headers/PreferenceApplied"}},
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Message"}}}},
              "202":{"description":"Kept durably, and to be sent.",
                "headers":{"Location":{"$ref":"#/components/headers/Location"},
                  "Preference-Applied":{"$ref":"#/components/headers/PreferenceApplied"}},
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Message"}}},
                "links":{
                  "show":{"operationId":"showMessage","parameters":{"id":"$response.body#/id"}},
                  "cancel":{"operationId":"cancelMessage","parameters":{"id":"$response.body#/id"}},
                  "resolve":{"operationId":"resolveMessage","parameters":{"id":"$response.body#/id"}},
                  "replay":{"operationId":"replayWebhooks","parameters":{"id":"$response.body#/id"}}}},
              \#(refused("400", "401", "403", "405", "409", "413", "415", "422", "429", "500", "503"))}},
          "get":{"operationId":"listMessages","tags":["messages"],"summary":"List messages, newest first",
            "description":"All with the scope read; with the scope send only what the key sent itself, and then a page may hold less than `limit`. Follow `next` until it is null.",
            "parameters":[
              {"name":"status","in":"query","style":"form","explode":false,"description":"Any of these.",
                "schema":{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/Status"}}},
              {"name":"lane","in":"query","schema":{"$ref":"#/components/schemas/Lane"}},
              {"name":"to","in":"query","schema":{"$ref":"#/components/schemas/Phone"}},
              {"name":"reference","in":"query","schema":{"$ref":"#/components/schemas/Reference"}},
              {"name":"after","in":"query","description":"`next` of the page before.",
                "schema":{"type":"string","pattern":\#(quoted(MessageRules.idPattern))}},
              {"name":"limit","in":"query",
                "schema":{"type":"integer","minimum":1,"maximum":200,"default":50}}],
            "responses":{
              "200":{"description":"A page.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Page"}}}},
              \#(refused("400", "401", "405", "500", "503"))}}},
        "/v1/messages/batch":{
          "post":{"operationId":"sendBatch","tags":["messages"],"summary":"Send up to 1000 messages",
            "description":"Needs the scope send. Good messages are kept in one step; each item has its own result.",
            "parameters":[{"$ref":"#/components/parameters/IdempotencyKey"}],
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/Batch"},
              "example":{"messages":[{"to":"901234567","text":"Birinchi"},{"to":"901234568","text":"Ikkinchi"}]}}}},
            "responses":{
              "202":{"description":"One result for each item, in order.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/BatchResults"}}}},
              \#(refused("400", "401", "403", "405", "409", "413", "415", "422", "429", "500", "503"))}}},
        "/v1/messages/{id}":{
          "parameters":[{"$ref":"#/components/parameters/Id"}],
          "get":{"operationId":"showMessage","tags":["messages"],"summary":"A message with its timeline",
            "description":"With the scope read, or with the scope send what the key sent itself.",
            "responses":{
              "200":{"description":"The message: every attempt, every report, every webhook.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/MessageWithTimeline"}}}},
              \#(refused("400", "401", "404", "405", "500", "503"))}},
          "patch":{"operationId":"changeMessage","tags":["messages"],"summary":"Change a message that waits",
            "description":"Needs the scope send, and the message to be the key's own. Only what no dispatcher has taken yet can be changed. A message that is put off keeps its lifetime.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/Change"},"example":{"expires_in":"5m"}}}},
            "responses":{
              "200":{"description":"The message as it is now.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Message"}}}},
              \#(refused("400", "401", "403", "404", "405", "409", "413", "415", "422", "500", "503"))}}},
        "/v1/messages/{id}/cancel":{
          "parameters":[{"$ref":"#/components/parameters/Id"}],
          "post":{"operationId":"cancelMessage","tags":["messages"],"summary":"Take a message back",
            "description":"Needs the scope send, and the message to be the key's own. Only what is scheduled or queued can be taken back.",
            \#(emptyBody),
            "responses":{
              "200":{"description":"It will not be sent.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Message"}}}},
              \#(refused("400", "401", "403", "404", "405", "409", "413", "415", "422", "500", "503"))}}},
        "/v1/messages/{id}/resolve":{
          "parameters":[{"$ref":"#/components/parameters/Id"}],
          "post":{"operationId":"resolveMessage","tags":["messages"],"summary":"Settle an unknown outcome by hand",
            "description":"Needs the scope admin. Only what is unknown can be settled; anything else is 409.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/Resolution"},"example":{"as":"failed"}}}},
            "responses":{
              "200":{"description":"The message as it is now.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Message"}}}},
              \#(refused("400", "401", "403", "404", "405", "409", "413", "415", "422", "500", "503"))}}},
        "/v1/messages/{id}/replay":{
          "parameters":[{"$ref":"#/components/parameters/Id"}],
          "post":{"operationId":"replayWebhooks","tags":["messages"],"summary":"Send a message's webhooks again",
            "description":"Needs the scope send, and the message to be the key's own.",
            \#(emptyBody),
            "responses":{
              "200":{"description":"How many are sent again.",
                "content":{"application/json":{"schema":{"type":"object","required":["replayed"],
                  "properties":{"replayed":{"type":"integer","minimum":0}}}}}},
              \#(refused("400", "401", "403", "404", "405", "413", "415", "422", "500", "503"))}}},
        "/v1/segments":{
          "post":{"operationId":"measureText","tags":["messages"],"summary":"What a text costs",
            "description":"Encoding and segments of a text as it is and as it would be sent. Any key.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"type":"object","required":["text"],"additionalProperties":false,
                "properties":{"text":{"$ref":"#/components/schemas/Text"}}},
              "example":{"text":"Oʻzbekiston"}}}},
            "responses":{
              "200":{"description":"The measures.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Segments"}}}},
              \#(refused("400", "401", "405", "413", "415", "422", "500"))}}}
        """#

    /// Nothing to say, but as JSON: so that no web page can ask.
    static let emptyBody = #"""
        "requestBody":{"required":true,"description":"`{}`; an empty body counts as one.","content":{"application/json":{
          "schema":{"type":"object","additionalProperties":false,"maxProperties":0},"example":{}}}}
        """#

    /// References to the answers of these statuses.
    static func refused(_ statuses: String...) -> String {
        statuses.map { ##""\##($0)":{"$ref":"#/components/responses/\##($0)"}"## }.joined(separator: ",")
    }
}
