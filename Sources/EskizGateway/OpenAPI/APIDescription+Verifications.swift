import EskizVerify

extension APIDescription {
    static let verificationPaths = #"""
        "/v1/verifications":{
          "post":{"operationId":"startVerification","tags":["verifications"],"summary":"Send a one-time code",
            "description":"Needs the scope verify. The gateway makes the code and sends it; no answer holds it. While one is pending for the same key, phone and purpose, the answer is that one, and after `resend_after` the same code is sent again.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/NewVerification"},
              "example":{"to":"+998 90 123 45 67","purpose":"login","locale":"uz"}}}},
            "responses":{
              "200":{"description":"One was pending already.",
                "headers":{"Location":{"$ref":"#/components/headers/VerificationLocation"}},
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Verification"}}}},
              "201":{"description":"It has begun, and its SMS is on disk.",
                "headers":{"Location":{"$ref":"#/components/headers/VerificationLocation"}},
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Verification"}}},
                "links":{
                  "show":{"operationId":"showVerification","parameters":{"id":"$response.body#/id"}},
                  "check":{"operationId":"checkVerification","parameters":{"id":"$response.body#/id"}},
                  "resend":{"operationId":"resendVerification","parameters":{"id":"$response.body#/id"}},
                  "cancel":{"operationId":"cancelVerification","parameters":{"id":"$response.body#/id"}}}},
              "403":{"$ref":"#/components/responses/403Blocked"},
              \#(refused("400", "401", "405", "409", "413", "415", "422", "429", "500", "503"))}}},
        "/v1/verifications/check":{
          "post":{"operationId":"checkPhone","tags":["verifications"],"summary":"Check a code by its phone",
            "description":"Needs the scope verify. The newest verification of this key, phone and purpose. A phone to which no code was sent is answered as one with another code.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/PhoneCheck"},
              "example":{"to":"+998901234567","purpose":"login","code":"012345"}}}},
            "responses":{
              "200":{"description":"What came of it.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/CheckResult"}}}},
              \#(refused("400", "401", "403", "405", "413", "415", "422", "500", "503"))}}},
        "/v1/verifications/{id}":{
          "parameters":[{"$ref":"#/components/parameters/VerificationId"}],
          "get":{"operationId":"showVerification","tags":["verifications"],"summary":"A verification",
            "description":"Needs the scope verify, and the verification to be the key's own.",
            "responses":{
              "200":{"description":"As it is now.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Verification"}}}},
              \#(refused("400", "401", "403", "404", "405", "500", "503"))}}},
        "/v1/verifications/{id}/check":{
          "parameters":[{"$ref":"#/components/parameters/VerificationId"}],
          "post":{"operationId":"checkVerification","tags":["verifications"],"summary":"Check a code",
            "description":"Needs the scope verify, and the verification to be the key's own. `valid` is true once only.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/Check"},"example":{"code":"012345"}}}},
            "responses":{
              "200":{"description":"What came of it.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/CheckResult"}}}},
              \#(refused("400", "401", "403", "404", "405", "413", "415", "422", "500", "503"))}}},
        "/v1/verifications/{id}/resend":{
          "parameters":[{"$ref":"#/components/parameters/VerificationId"}],
          "post":{"operationId":"resendVerification","tags":["verifications"],"summary":"Send the same code again",
            "description":"Needs the scope verify, and the verification to be the key's own. 429 before `resend_after`.",
            \#(emptyBody),
            "responses":{
              "200":{"description":"Sent again.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Verification"}}}},
              "403":{"$ref":"#/components/responses/403Blocked"},
              \#(refused("400", "401", "404", "405", "409", "413", "415", "422", "429", "500", "503"))}}},
        "/v1/verifications/{id}/cancel":{
          "parameters":[{"$ref":"#/components/parameters/VerificationId"}],
          "post":{"operationId":"cancelVerification","tags":["verifications"],"summary":"Take a verification back",
            "description":"Needs the scope verify, and the verification to be the key's own. Its SMS is taken back as well if it still waits.",
            \#(emptyBody),
            "responses":{
              "200":{"description":"No code is good for it any more.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Verification"}}}},
              \#(refused("400", "401", "403", "404", "405", "409", "413", "415", "422", "500", "503"))}}},
        "/v1/verifications/{id}/outcome":{
          "parameters":[{"$ref":"#/components/parameters/VerificationId"}],
          "post":{"operationId":"recordOutcome","tags":["verifications"],"summary":"Say what came of a code that you checked yourself",
            "description":"Needs the scope verify, and the verification to be the key's own. It becomes approved or cancelled.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"type":"object","required":["converted"],"additionalProperties":false,
                "properties":{"converted":{"type":"boolean"}}},"example":{"converted":true}}}},
            "responses":{
              "200":{"description":"Noted.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Verification"}}}},
              \#(refused("400", "401", "403", "404", "405", "409", "413", "415", "422", "500", "503"))}}}
        """#

    private static let plain = quoted(#"^[^\u0000-\u001F\u007F]*$"#)
    private static let verifyStatuses = Verification.Status.allCases.map { quoted($0.rawValue) }.joined(separator: ",")
    static let verifyRules = SendRefusal.Rule.allCases.map { quoted($0.rawValue) }.joined(separator: ",")

    static let verificationSchemas = ##"""
        "VerificationId":{"type":"string","pattern":\##(quoted(VerificationID.pattern)),
          "description":"Opaque, and nobody guesses another one's."},
        "Code":{"type":"string","pattern":\##(quoted(VerificationRules.codePattern)),
          "description":"Digits; zeros in front count."},
        "Purpose":{"type":"string","minLength":1,"maxLength":\##(MessageRules.purposeLimit),"pattern":\##(plain),
          "description":"What the code is for: a phone has one pending code for each purpose."},
        "NewVerification":{"type":"object","required":["to"],"additionalProperties":false,
          "properties":{
            "to":{"$ref":"#/components/schemas/Phone"},
            "purpose":{"oneOf":[{"$ref":"#/components/schemas/Purpose"},{"type":"null"}]},
            "template":{"type":["string","null"],"format":"verify-template",
              "pattern":\##(quoted(VerificationRules.templatePattern)),
              "description":"A name of ESKIZ_VERIFY_TEMPLATES; the first one if absent."},
            "locale":{"type":["string","null"],"pattern":\##(quoted(VerificationRules.localePattern)),
              "description":"The language of the text. Where there is none: its first part, then uz, ru, en, then what comes first."},
            "length":{"type":["integer","null"],"minimum":4,"maximum":10,"default":6},
            "expires_in":{"description":"How long the code is good from the moment in which Eskiz took the SMS, at most twice that from now. Seconds, or a duration; the gateway's setting if absent.",
              "oneOf":[{"type":"number","minimum":30,"maximum":86400},
                {"type":"string","pattern":\##(quoted(VerificationRules.lifePattern))},{"type":"null"}]},
            "client_ip":{"description":"The address of your user, so that one who asks for many is stopped.",
              "oneOf":[{"type":"string","format":"ipv4"},{"type":"string","format":"ipv6"},{"type":"null"}]},
            "reference":{"oneOf":[{"$ref":"#/components/schemas/Reference"},{"type":"null"}]},
            "webhook_url":{"type":["string","null"],"format":"webhook-address","maxLength":\##(MessageRules.addressLimit),
              "pattern":\##(quoted(MessageRules.addressPattern)),
              "description":"Where the application is told of the SMS, as for a message."}}},
        "Verification":{"type":"object",
          "required":["id","to","status","expires_at","checks_left","sends","resend_after","message_id","purpose","reference","template","locale","test","created_at"],
          "properties":{
            "id":{"$ref":"#/components/schemas/VerificationId"},
            "to":{"type":"string","pattern":"^\\+[0-9]{8,15}$"},
            "status":{"$ref":"#/components/schemas/VerificationStatus"},
            "expires_at":{"type":"string","format":"date-time","description":"Moves on when Eskiz takes the SMS."},
            "checks_left":{"type":"integer","minimum":0},
            "sends":{"type":"integer","minimum":0},
            "resend_after":{"type":["string","null"],"format":"date-time",
              "description":"When the same code may be sent again; null once it is over."},
            "message_id":{"type":["string","null"],"description":"The message that carries the code; null for a test number."},
            "purpose":{"type":["string","null"]},"reference":{"type":["string","null"]},
            "template":{"type":"string"},"locale":{"type":"string"},
            "test":{"type":"boolean","description":"A number of ESKIZ_VERIFY_TEST_NUMBERS: no SMS was sent."},
            "created_at":{"type":"string","format":"date-time"},
            "ended_at":{"type":"string","format":"date-time"}}},
        "VerificationStatus":{"enum":[\##(verifyStatuses)]},
        "Check":{"type":"object","required":["code"],"additionalProperties":false,
          "properties":{"code":{"$ref":"#/components/schemas/Code"}}},
        "PhoneCheck":{"type":"object","required":["to","code"],"additionalProperties":false,
          "properties":{"to":{"$ref":"#/components/schemas/Phone"},
            "purpose":{"oneOf":[{"$ref":"#/components/schemas/Purpose"},{"type":"null"}]},
            "code":{"$ref":"#/components/schemas/Code"}}},
        "CheckResult":{"type":"object","required":["valid","status","checks_left"],
          "properties":{"valid":{"type":"boolean","description":"True once only."},
            "status":{"$ref":"#/components/schemas/VerificationStatus"},
            "checks_left":{"type":"integer","minimum":0}}}
        """##

    static let verificationParameters = #"""
        "VerificationId":{"name":"id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/VerificationId"}}
        """#

    static let verificationHeaders = #"""
        "VerificationLocation":{"description":"Where the verification is.","schema":{"type":"string","format":"uri-reference"}}
        """#

    static let verificationResponses = #"""
        "403Blocked":{"description":"The key lacks the scope, or no codes are sent there: `code` is `blocked`, and `limit` says why.",
          "headers":{"Retry-After":{"$ref":"#/components/headers/MaybeRetryAfter"}},
          "content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}
        """#
}
