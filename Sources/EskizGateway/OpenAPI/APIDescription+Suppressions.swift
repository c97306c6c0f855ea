import EskizQueue

extension APIDescription {
    static let suppressionPaths = #"""
        "/v1/suppressions":{
          "get":{"operationId":"listSuppressions","tags":["messages"],"summary":"Phones that get nothing",
            "description":"Needs the scope admin. The last one that was added comes first.",
            "parameters":[
              {"name":"before","in":"query","description":"The `next` of the page before.",
                "schema":{"type":"string","pattern":"^[0-9]{1,18}$"}},
              {"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":\#(SuppressionSearch.maximumLimit),"default":50}}],
            "responses":{
              "200":{"description":"A page of the list.",
                "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SuppressionPage"}}}},
              \#(refused("400", "401", "403", "405", "500", "503"))}},
          "post":{"operationId":"suppress","tags":["messages"],"summary":"Put phones onto the list",
            "description":"Needs the scope admin. From then on a message to such a phone is refused (422, `suppressed`), and what waits for it is cancelled when its turn comes. One that is on the list gets the new scope and reason.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"$ref":"#/components/schemas/NewSuppressions"},
              "example":{"suppressions":[{"to":"+998 90 123 45 67","scope":"bulk","reason":"asked by phone"}]}}}},
            "responses":{
              "200":{"description":"They are on it.","content":{"application/json":{"schema":{"type":"object",
                "required":["added","changed"],"properties":{
                  "added":{"type":"integer","minimum":0},"changed":{"type":"integer","minimum":0}}}}}},
              \#(refused("400", "401", "403", "405", "413", "415", "422", "500", "503"))}}},
        "/v1/suppressions/remove":{
          "post":{"operationId":"unsuppress","tags":["messages"],"summary":"Take phones off the list",
            "description":"Needs the scope admin.",
            "requestBody":{"required":true,"content":{"application/json":{
              "schema":{"type":"object","required":["to"],"additionalProperties":false,"properties":{
                "to":{"type":"array","minItems":1,"maxItems":\#(Suppression.largestStep),"items":{"$ref":"#/components/schemas/Phone"}}}},
              "example":{"to":["+998 90 123 45 67"]}}}},
            "responses":{
              "200":{"description":"They are off it.","content":{"application/json":{"schema":{"type":"object",
                "required":["removed"],"properties":{"removed":{"type":"integer","minimum":0}}}}}},
              \#(refused("400", "401", "403", "405", "413", "415", "422", "500", "503"))}}}
        """#

    private static let scopes = Suppression.Scope.allCases.map { quoted($0.rawValue) }.joined(separator: ",")
    private static let plainReason = quoted(#"^[^\u0000-\u001F\u007F]*$"#)

    static let suppressionSchemas = ##"""
        "SuppressionScope":{"enum":[\##(scopes)],
          "description":"`all`: nothing, codes included. `bulk`: no message of the lane bulk."},
        "NewSuppressions":{"type":"object","required":["suppressions"],"additionalProperties":false,"properties":{
          "suppressions":{"type":"array","minItems":1,"maxItems":\##(Suppression.largestStep),
            "items":{"type":"object","required":["to"],"additionalProperties":false,"properties":{
              "to":{"$ref":"#/components/schemas/Phone"},
              "scope":{"oneOf":[{"$ref":"#/components/schemas/SuppressionScope"},{"type":"null"}]},
              "reason":{"type":["string","null"],"minLength":1,"maxLength":\##(Suppression.reasonLimit),"pattern":\##(plainReason)}}}}}},
        "SuppressionPage":{"type":"object","required":["suppressions","next"],"properties":{
          "suppressions":{"type":"array","items":{"type":"object",
            "required":["to","scope","reason","added_at","added_by"],"properties":{
              "to":{"type":"string"},"scope":{"$ref":"#/components/schemas/SuppressionScope"},
              "reason":{"type":"string"},"added_at":{"type":"string","format":"date-time"},"added_by":{"type":"string"}}}},
          "next":{"type":["string","null"],"description":"`before` of the next page."}}}
        """##
}
