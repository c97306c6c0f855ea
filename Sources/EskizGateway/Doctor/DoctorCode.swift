import EskizQueue
import EskizWords

/// What can be found, and what it is called in answers.
package enum DoctorCode: String, WordKey {
    /// What was found, in words; after a hold, how much waits for its end.
    package static var section: String { "doctor" }

    case sending = "messages_are_sent"
    case slow = "messages_are_late"
    case stopping
    case heldThrottled = "held_throttled"
    case heldRate = "held_rate"
    case heldQuietHours = "held_quiet_hours"
    case heldFailures = "held_failures"
    case heldCredentials = "held_credentials"
    case heldBalance = "held_balance"
    case heldConfiguration = "held_configuration"
    case storeWell = "store_writable"
    case storeFailed = "store_failed"
    case fleetNone = "gateway_alone"
    case fleetUnknown = "gateways_unknown"
    case fleetSynchronous = "standby_synchronous"
    case fleetAsynchronous = "standby_asynchronous"
    case fleetWithoutStandby = "standby_none"
    case fleetUnflushed = "database_unflushed"
    case snapshotOfProcess = "snapshot_old_process"
    case snapshotOfTransaction = "snapshot_old_prepared_transaction"
    case snapshotOfSlot = "snapshot_old_replication_slot"
    case rowsNotCleared = "rows_not_cleared"
    case diskWell = "disk_has_room"
    case diskFilling = "disk_filling"
    case diskFull = "disk_full"
    case diskUnknown = "disk_unknown"
    case clocksAgree = "clocks_agree"
    case clockAhead = "clock_ahead"
    case clockBehind = "clock_behind"
    case clocksUnknown = "clocks_unknown"
    case tokenValid = "token_valid"
    case tokenEndless = "token_endless"
    case tokenDue = "token_due"
    case tokenInMemory = "token_in_memory"
    case tokenCannotRenew = "token_cannot_renew"
    case tokenRenewing = "token_renewing"
    case tokenMissing = "token_missing"
    case tokenAbsent = "token_absent"
    case tokenDead = "token_dead"
    case credentialsRefused = "credentials_refused"
    case balanceWell = "balance_known"
    case balanceEmpty = "balance_empty"
    case balanceUnknown = "balance_unknown"
    case callbacksArrive = "callbacks_arrive"
    case callbacksMissing = "callbacks_missing"
    case callbacksNone = "callbacks_none_yet"
    case callbacksOff = "callbacks_off"
    case webhooksWell = "webhooks_delivered"
    case webhooksDead = "webhooks_dead"
    case webhooksUnknown = "webhooks_unknown"
    case outcomesClear = "outcomes_clear"
    case outcomesLookedFor = "outcomes_looked_for"
    case outcomesUnsettled = "outcomes_unsettled"

    init(_ reason: SendingHold.Reason) {
        switch reason {
        case .throttled: self = .heldThrottled
        case .rate: self = .heldRate
        case .quietHours: self = .heldQuietHours
        case .failures: self = .heldFailures
        case .credentials: self = .heldCredentials
        case .balance: self = .heldBalance
        case .configuration: self = .heldConfiguration
        }
    }

    /// What keeps messages from being sent, where this is about that.
    var hold: SendingHold.Reason? {
        SendingHold.Reason.allCases.first { DoctorCode($0) == self }
    }
}
