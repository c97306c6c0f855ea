import EskizQueue
import EskizText

extension APIDescription {
    private static let plain = quoted(#"^[^\u0000-\u001F\u007F]*$"#)
    private static let moment = #""type":"string","format":"date-time""#
    private static let statuses = MessageState.allCases.map { quoted($0.rawValue) }.joined(separator: ",")

    static let messageSchemas = ##"""
        "Id":{"type":"string","description":"Opaque, and greater for a later message.",
          "pattern":\##(quoted(MessageRules.idPattern)),"example":"32774400000"},
        "Status":{"enum":[\##(statuses)],
          "description":"scheduled and queued wait; sending is on its way; unknown may or may not be with Eskiz and is being looked for; submitted is with Eskiz; the rest is final."},
        "Lane":{"enum":["otp","transactional","bulk"],
          "description":"otp: codes, first and short-lived. bulk: mailings, last."},
        "Phone":{"type":"string","description":"An Uzbek number in any spelling.",
          "pattern":\##(quoted(MessageRules.phonePattern)),
          "examples":["+998901234567","90 123-45-67"]},
        "Text":{"type":"string","format":"message-text","minLength":1,"maxLength":\##(MessageRules.textLimit),
          "description":"No control characters but tab and line breaks, and something that shows; as many segments as ESKIZ_MAX_SEGMENTS allows, 8 unless set otherwise.",
          "pattern":\##(quoted(MessageTextRules.pattern))},
        "Reference":{"type":"string","minLength":1,"maxLength":\##(MessageRules.referenceLimit),"pattern":\##(plain),
          "description":"The caller's own word for the message."},
        "ForeignPhone":{"type":"string","description":"A number of another country, in E.164.",
          "pattern":\##(quoted(MessageRules.foreignPhonePattern)),"examples":["+77011234567"]},
        "NewMessage":{"type":"object","required":["to","text"],"additionalProperties":false,
          "anyOf":[
            {"properties":{"to":{"$ref":"#/components/schemas/Phone"}}},
            {"required":["international"],"properties":{"international":{"const":true},
              "to":{"$ref":"#/components/schemas/ForeignPhone"}}}],
          "properties":{
            "to":{"type":"string","description":"A Phone; with `international` also a ForeignPhone."},
            "international":{"type":["boolean","null"],"default":false,
              "description":"Whether the number may be abroad, where the account can send and each country has its price. Sender ID and `from` do not count there."},
            "text":{"$ref":"#/components/schemas/Text"},
            "from":{"type":["string","null"],"pattern":\##(quoted(MessageRules.senderPattern)),
              "description":"A sender ID that Eskiz has approved; the gateway's own if absent."},
            "lane":{"enum":["otp","transactional","bulk",null],"default":"transactional"},
            "expires_in":{"description":"Not sent after this time. Seconds, or a duration. Codes expire after two minutes unless this says otherwise.",
              "oneOf":[{"type":"number","minimum":1,"maximum":999999},
                {"type":"string","pattern":\##(quoted(MessageRules.durationPattern))},{"type":"null"}]},
            "send_at":{"type":["string","null"],"format":"date-time",
              "description":"Not sent before this time, at most 35 days from now. A time that passed within the last hour means now."},
            "reference":{"oneOf":[{"$ref":"#/components/schemas/Reference"},{"type":"null"}]},
            "webhook_url":{"type":["string","null"],"format":"webhook-address","maxLength":\##(MessageRules.addressLimit),
              "pattern":\##(quoted(MessageRules.addressPattern)),
              "description":"Where the application is told of the message, signed by Standard Webhooks. It may be told twice, and late: `webhook-id` tells a repetition, `timestamp` what is newer. Private addresses are refused unless the gateway allows them."},
            "normalize":{"type":["boolean","null"],
              "description":"Whether Uzbek Latin is rewritten so that it costs less; the gateway's setting if absent."},
            "purpose":{"type":["string","null"],"minLength":1,"maxLength":\##(MessageRules.purposeLimit),"pattern":\##(plain),
              "description":"What a code is for: a newer one for the same phone and purpose cancels one that waits. Of the lane otp only; its text without digits if absent."}}},
        "Change":{"type":"object","additionalProperties":false,
          "properties":{
            "send_at":{"$ref":"#/components/schemas/NewMessage/properties/send_at"},
            "expires_in":{"$ref":"#/components/schemas/NewMessage/properties/expires_in"},
            "text":{"oneOf":[{"$ref":"#/components/schemas/Text"},{"type":"null"}]}}},
        "Batch":{"type":"object","required":["messages"],"additionalProperties":false,
          "properties":{"messages":{"type":"array","minItems":1,"maxItems":\##(MessageRules.batchLimit),
            "description":"Each a NewMessage; one that is not good has its own problem in the answer.",
            "items":{}}}},
        "BatchResults":{"type":"object","required":["results"],
          "properties":{"results":{"type":"array","minItems":1,"items":{"oneOf":[
            {"type":"object","required":["status","message"],
              "properties":{"status":{"const":202},"message":{"$ref":"#/components/schemas/Message"}}},
            {"type":"object","required":["status","problem"],
              "properties":{"status":{"const":422},"problem":{"$ref":"#/components/schemas/Problem"}}}]}}}},
        "Message":{"type":"object",
          "required":["id","to","from","lane","status","status_detail","reference","segments","encoding","created_at","attempts"],
          "properties":{
            "id":{"$ref":"#/components/schemas/Id"},
            "to":{"type":"string","pattern":"^\\+[0-9]{8,15}$"},
            "text":{"type":"string","description":"As it is sent. Never for the lane otp."},
            "from":{"type":"string"},
            "lane":{"$ref":"#/components/schemas/Lane"},
            "status":{"$ref":"#/components/schemas/Status"},
            "status_detail":{"type":["string","null"]},
            "reference":{"type":["string","null"]},
            "segments":{"type":"integer","minimum":1},
            "encoding":{"$ref":"#/components/schemas/Encoding"},
            "price":{"type":"string","description":"UZS for all parts, once Eskiz has said so."},
            "provider_id":{"type":"string","description":"Eskiz's id."},
            "created_at":{\##(moment)},"submitted_at":{\##(moment)},"final_at":{\##(moment)},"expires_at":{\##(moment)},
            "send_at":{\##(moment),"description":"When it will be sent; while it is scheduled."},
            "next_attempt_at":{\##(moment),"description":"When it is tried next: in its own time, and not before what holds its lane up ends. While it waits for that."},
            "attempts":{"type":"integer","minimum":0},
            "error":{"$ref":"#/components/schemas/MessageError"}}},
        "MessageError":{"type":"object","required":["code","message"],
          "properties":{"code":{"type":"string"},"message":{"type":"string"},"http_status":{"type":"integer"}}},
        "MessageWithTimeline":{"allOf":[{"$ref":"#/components/schemas/Message"},
          {"type":"object","required":["timeline"],
            "properties":{"timeline":{"type":"array","minItems":1,
              "items":{"$ref":"#/components/schemas/TimelineEntry"}}}}]},
        "TimelineEntry":{"type":"object","required":["at","event"],"description":"In the order in which things happened.",
          "properties":{
            "at":{\##(moment)},
            "event":{"enum":["accepted","attempt_prepared","attempt_writing","attempt_answered","report","webhook","final"]},
            "attempt":{"type":"integer","minimum":1},"outcome":{"type":"string"},"provider_id":{"type":"string"},
            "error":{"$ref":"#/components/schemas/MessageError"},"status":{"type":"string"},"source":{"type":"string"},
            "happened_at":{\##(moment)},"price":{"type":"string"},"parts":{"type":"integer"},
            "url":{"type":"string"},"progress":{"type":"string"},"attempts":{"type":"integer"},
            "next_at":{\##(moment)},"detail":{"type":"string"}}},
        "Page":{"type":"object","required":["data","next"],
          "properties":{"data":{"type":"array","items":{"$ref":"#/components/schemas/Message"}},
            "next":{"type":["string","null"],"description":"For `after`; null on the last page."}}},
        "Resolution":{"type":"object","required":["as"],"additionalProperties":false,
          "properties":{
            "as":{"enum":["submitted","failed","queued","unknown"],
              "description":"What the message becomes. submitted: Eskiz has it. failed: Eskiz has it not, and it is not wanted any more. queued: Eskiz has it not, and it is sent again. unknown: it cannot be found out, and it stays as it is for good."},
            "provider_id":{"type":["string","null"],"pattern":\##(quoted(ResolutionRequest.providerIDPattern))}}}
        """##

    private static let holdReasons = SendingHold.Reason.allCases.map { quoted($0.rawValue) }.joined(separator: ",")

    private static func cases<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> String {
        Choice.allCases.map { quoted($0.rawValue) }.joined(separator: ",")
    }

    static let otherSchemas = ##"""
        "Examination":{"type":"object","required":["at","ok","failed","warnings","checks"],
          "properties":{
            "at":{"type":"string","format":"date-time"},
            "ok":{"type":"boolean","description":"Nothing failed."},
            "failed":{"type":"integer","minimum":0},"warnings":{"type":"integer","minimum":0},
            "checks":{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/DoctorCheck"}}}},
        "DoctorCheck":{"type":"object","required":["check","result","code","finding"],
          "properties":{
            "check":{"enum":[\##(cases(DoctorFinding.Check.self))]},
            "result":{"enum":[\##(cases(DoctorFinding.Result.self))],
              "description":"failed: messages are not sent, or not taken. warning: somebody should look. skipped: it is not known, or there is nothing to look at."},
            "code":{"enum":[\##(cases(DoctorCode.self))]},
            "finding":{"type":"string","description":"For people, in English."},
            "remedy":{"type":"string","description":"What to do; absent where there is nothing to do."},
            "count":{"type":"integer","minimum":0,"description":"Messages, webhooks or reports, as the finding says."},
            "error":{"type":"string","description":"The code of an error."},
            "culprit":{"type":"string","description":"What is to blame, as the database calls it: a process by its number, a prepared transaction or a replication slot by its name."},
            "lanes":{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/Lane"}},
            "since":{"type":"string","format":"date-time"},
            "until":{"type":"string","format":"date-time","description":"When it is tried next, or ends."},
            "seconds":{"type":"integer","description":"How long it has lasted or will, or by how much clocks differ."},
            "bytes":{"type":"integer","minimum":0,"description":"Left on the disk."},
            "amount":{"type":"number","description":"UZS."}}},
        "Hold":{"type":"object","required":["reason","lanes","since"],
          "description":"Something that keeps messages from being sent, though they are accepted. throttled: Eskiz has too many requests (429). rate: a batch has used up the gateway's own limit. failures: Eskiz cannot be reached or fails. credentials, balance, configuration: somebody has to mend it.",
          "properties":{
            "reason":{"enum":[\##(holdReasons)]},
            "lanes":{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/Lane"}},
            "since":{"type":"string","format":"date-time"},
            "until":{"type":"string","format":"date-time","description":"When the next message is tried; absent where that depends on an answer that is under way."}}},
        "Encoding":{"enum":["gsm7","ucs2"]},
        "Measures":{"type":"object","required":["encoding","segments","units","units_per_segment","units_left"],
          "properties":{"encoding":{"$ref":"#/components/schemas/Encoding"},"segments":{"type":"integer","minimum":0},
            "units":{"type":"integer"},"units_per_segment":{"type":"integer"},"units_left":{"type":"integer"}}},
        "Segments":{"allOf":[{"$ref":"#/components/schemas/Measures"},
          {"type":"object","required":["normalized"],"properties":{"normalized":{"allOf":[
            {"$ref":"#/components/schemas/Measures"},
            {"type":"object","required":["text","replacements","segments_saved"],
              "properties":{"text":{"type":"string"},"replacements":{"type":"integer"},
                "segments_saved":{"type":"integer"}}}]}}}]},
        "Token":{"type":"object","required":["state"],
          "properties":{
            "state":{"enum":["absent","valid","due","expired","rejected"]},
            "renewal_held_until":{"type":"string","format":"date-time",
              "description":"Set while no new token is asked for by itself; POST /v1/token/refresh asks at once."},
            "renewal_held_by":{"type":"string","description":"The code of the error that caused it."},
            "preview":{"type":"string","maxLength":21},
            "fingerprint":{"type":"string"},"generation":{"type":"integer"},
            "issued_at":{"type":["string","null"],"format":"date-time"},
            "expires_at":{"type":["string","null"],"format":"date-time"},
            "seconds_left":{"type":["integer","null"]},
            "location":{"type":"string"},"store_degraded":{"type":"boolean"}}},
        "Account":{"type":"object","required":["as_of","currency","balance","name","role","status","senders","prices"],
          "properties":{
            "as_of":{"type":"string","format":"date-time"},"currency":{"const":"UZS"},
            "balance":{"type":["number","null"]},"name":{"type":["string","null"]},"role":{"type":["string","null"]},
            "status":{"type":["string","null"]},"senders":{"type":"array","items":{"type":"string"}},
            "prices":{"type":"object","required":["local","global"],"properties":{
              "local":{"type":"array","items":{"type":"object","properties":{
                "operator_id":{"type":["integer","null"]},"name":{"type":["string","null"]},
                "price":{"type":["number","null"]},"advertising_price":{"type":["number","null"]}}}},
              "global":{"type":"array","items":{"type":"object","properties":{
                "country":{"type":["string","null"]},"name":{"type":["string","null"]},
                "prefix":{"type":["string","null"]},"status":{"type":["string","null"]},
                "price":{"type":["number","null"]}}}}}}}},
        "Problem":{"type":"object","required":["type","title","status","detail","code"],
          "description":"RFC 9457. `code` is stable; `detail` is for people.",
          "properties":{
            "type":{"type":"string","format":"uri-reference"},"title":{"type":"string"},
            "status":{"type":"integer","minimum":400,"maximum":599},"detail":{"type":"string"},
            "code":{"type":"string","pattern":"^[a-z_]+$"},
            "limit":{"enum":[\##(verifyRules)],"description":"Which limit refused to send a code."},
            "errors":{"type":"array","minItems":1,"items":{"type":"object","required":["field","code","detail"],
              "properties":{"field":{"type":"string"},"code":{"type":"string"},"detail":{"type":"string"}}}}}}
        """##
}
