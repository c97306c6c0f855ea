import Eskiz
import EskizQueue

extension WorldPlan {
    /// What is unusual about a world, in a few words each: a first guess at what a broken promise is due to.
    var features: [String] {
        var words: [String] = []
        if let situation { words.append("arranged: \(situation.rawValue)") }
        if !provider.weather.isFair { words.append("weather") }
        if provider.clockOffset != .zero { words.append("provider clock \(provider.clockOffset.components.seconds) s") }
        if provider.clockDrift != 0 { words.append("provider drift") }
        if !provider.clockSteps.isEmpty { words.append("provider step") }
        if !provider.sendsDate { words.append("no Date") }
        if provider.listFault != .none { words.append("list \(provider.listFault)") }
        if !provider.listFailing.isEmpty { words.append("list fails") }
        if provider.forgetsNumbers { words.append("no numbers") }
        if provider.hasForeignRows { words.append("foreign rows") }
        if provider.hasForgedReports { words.append("forged reports") }
        if !provider.revocations.isEmpty { words.append("revoked") }
        if !provider.takesNoToken.isEmpty { words.append("takes no token") }
        if !provider.loginThrottled.isEmpty { words.append("login 429") }
        if provider.weather.throttled + provider.weather.busy > 0 {
            words.append("Retry-After \(provider.retryAfter.compactMap(\.self).joined(separator: "/"))")
        }
        if installations.count > 1 { words.append("\(installations.count) installations") }
        for installation in installations {
            for companion in installation.companions {
                let endings = companion.endings.map { $0.isGraceful ? "restart" : "kill" }
                let faults = companion.disk.map { "way \($0.kind)" }
                let off = "companion \(companion.clockOffset.components.seconds) s"
                words.append(([off] + endings + faults).joined(separator: " "))
            }
            if !installation.crashes.isEmpty { words.append("\(installation.crashes.count) crashes of the database") }
            if installation.clockOffset != .zero { words.append("clock off") }
            if installation.clockDrift != 0 { words.append("drift") }
            for step in installation.clockSteps { words.append("step \(step.by.components.seconds) s") }
            for ending in installation.endings { words.append(ending.isGraceful ? "restart" : "kill") }
            for fault in installation.disk { words.append("disk \(fault.kind)") }
            if installation.rateLimit != nil { words.append("rate limit") }
            if installation.retention != nil { words.append("short retention") }
            if !installation.deaf.isEmpty { words.append("deaf receiver") }
            if installation.isOnDisk { words.append("SQLite") }
        }
        return words
    }
}
