import EskizPages
import EskizQueue

/// What can be found, and what it is called in answers.
package enum DoctorCode: String, Sendable, CaseIterable {
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

    /// What was found; after a hold, how much waits for its end.
    var words: Words {
        switch self {
        case .sending:
            Words(
                "Messages are sent; waiting: {count}",
                "Xabarlar yuborilmoqda; kutmoqda: {count}",
                "Сообщения отправляются; ждут: {count}"
            )
        case .slow:
            Words(
                "Nothing holds messages up, and one has been due for {span}; waiting: {count}",
                "Hech narsa ushlab turmayapti, lekin bir xabar {span} kechikkan; kutmoqda: {count}",
                "Ничто не задерживает сообщения, но одно опаздывает на {span}; ждут: {count}"
            )
        case .stopping: Words("The gateway is stopping", "Gateway toʻxtamoqda", "Шлюз останавливается")
        case .heldThrottled, .heldRate, .heldQuietHours, .heldFailures, .heldCredentials, .heldBalance,
            .heldConfiguration:
            Words("Waiting: {count}", "Kutmoqda: {count}", "Ждут: {count}")
        case .storeWell:
            Words(
                "Messages can be kept; kept: {count}",
                "Xabarlar saqlanadi; saqlangan: {count}",
                "Сообщения можно хранить; хранится: {count}"
            )
        case .storeFailed:
            Words(
                "Messages cannot be kept: {error}",
                "Xabarlarni saqlab boʻlmaydi: {error}",
                "Сообщения нельзя сохранить: {error}"
            )
        case .fleetNone:
            Words(
                "This one has its store for itself",
                "Ombor faqat shu gatewayniki",
                "Хранилище только у этого шлюза"
            )
        case .fleetUnknown: Words("The store cannot be read", "Omborni oʻqib boʻlmaydi", "Хранилище не читается")
        case .fleetSynchronous:
            Words(
                "Alive: {count}; a failover of the database loses nothing that was accepted",
                "Ishlayapti: {count}; baza zaxiraga oʻtsa, qabul qilingan hech narsa yoʻqolmaydi",
                "Работают: {count}; переход базы на резервную не теряет ничего принятого"
            )
        case .fleetAsynchronous:
            Words(
                "Alive: {count}; a failover of the database may lose what was accepted last, or send it twice",
                "Ishlayapti: {count}; baza zaxiraga oʻtsa, oxirgi qabul qilingani yoʻqolishi yoki ikki marta ketishi mumkin",
                "Работают: {count}; переход базы на резервную может потерять принятое последним или отправить его дважды"
            )
        case .fleetWithoutStandby:
            Words(
                "Alive: {count}; the database has no standby",
                "Ishlayapti: {count}; bazaning zaxirasi yoʻq",
                "Работают: {count}; у базы нет резервной"
            )
        case .fleetUnflushed:
            Words(
                "Alive: {count}; the database does not flush what it commits: a crash may lose what was accepted last",
                "Ishlayapti: {count}; baza yozuvni diskka oʻtkazmaydi: nosozlikda oxirgi qabul qilingani yoʻqolishi mumkin",
                "Работают: {count}; база не сбрасывает записи на диск: сбой может потерять принятое последним"
            )
        case .snapshotOfProcess:
            Words(
                "Process {culprit} of PostgreSQL has held a snapshot for {span}: what was deleted since then slows claims down",
                "PostgreSQLning {culprit} jarayoni {span} beri suratni ushlab turibdi: oʻchirilganlar ishni sekinlashtiradi",
                "Процесс {culprit} в PostgreSQL держит снимок уже {span}: удалённое с тех пор замедляет работу"
            )
        case .snapshotOfTransaction:
            Words(
                "The prepared transaction {culprit} has been open for {span}: what was deleted since then slows claims down",
                "Tayyorlangan {culprit} tranzaksiyasi {span} beri ochiq: oʻchirilganlar ishni sekinlashtiradi",
                "Подготовленная транзакция {culprit} открыта уже {span}: удалённое с тех пор замедляет работу"
            )
        case .snapshotOfSlot:
            Words(
                "The replication slot {culprit} has not moved for {span}: what was deleted since then slows claims down",
                "{culprit} replikatsiya sloti {span} beri siljimagan: oʻchirilganlar ishni sekinlashtiradi",
                "Слот репликации {culprit} не двигался уже {span}: удалённое с тех пор замедляет работу"
            )
        case .rowsNotCleared:
            Words(
                "PostgreSQL does not clear deleted rows away (autovacuum is off); waiting for it: {count}",
                "PostgreSQL oʻchirilgan qatorlarni tozalamayapti (autovacuum oʻchiq); kutmoqda: {count}",
                "PostgreSQL не убирает удалённые строки (autovacuum выключен); ждут уборки: {count}"
            )
        case .diskWell: Words("{space} left", "{space} boʻsh", "свободно {space}")
        case .diskFilling:
            Words(
                "{space} left: mailings are refused",
                "{space} boʻsh: ommaviy xabarlar rad etilmoqda",
                "свободно {space}: рассылки отклоняются"
            )
        case .diskFull:
            Words(
                "{space} left: messages are refused",
                "{space} boʻsh: xabarlar rad etilmoqda",
                "свободно {space}: сообщения отклоняются"
            )
        case .diskUnknown:
            Words(
                "The system does not say how full it is",
                "Tizim qanchalik toʻlganini aytmayapti",
                "Система не говорит, насколько он заполнен"
            )
        case .clocksAgree:
            Words(
                "Eskiz's clock and ours agree",
                "Eskiz soati bilan bizniki mos",
                "Часы Eskiz и наши совпадают"
            )
        case .clockAhead:
            Words(
                "Our clock is ahead of Eskiz's by {span}",
                "Bizning soat Eskiznikidan {span} oldinda",
                "Наши часы спешат относительно часов Eskiz на {span}"
            )
        case .clockBehind:
            Words(
                "Our clock is behind Eskiz's by {span}",
                "Bizning soat Eskiznikidan {span} orqada",
                "Наши часы отстают от часов Eskiz на {span}"
            )
        case .clocksUnknown:
            Words(
                "Eskiz has not been asked anything yet",
                "Eskizdan hali hech narsa soʻralmagan",
                "Eskiz ещё ни о чём не спрашивали"
            )
        case .tokenValid:
            Words(
                "It is valid; left: {span}",
                "Yaroqli; qoldi: {span}",
                "Действителен; осталось: {span}"
            )
        case .tokenEndless:
            Words(
                "It is valid, and does not say until when",
                "Yaroqli, muddatini aytmaydi",
                "Действителен, срок не указан"
            )
        case .tokenDue:
            Words(
                "It is valid and about to be renewed; left: {span}",
                "Yaroqli, yangilanadi; qoldi: {span}",
                "Действителен, скоро обновится; осталось: {span}"
            )
        case .tokenInMemory:
            Words(
                "It is valid, and could not be stored: a restart loses it",
                "Yaroqli, lekin saqlanmagan: qayta ishga tushganda yoʻqoladi",
                "Действителен, но не сохранён: перезапуск его потеряет"
            )
        case .tokenCannotRenew:
            Words(
                "It is valid, and cannot be renewed ({error})",
                "Yaroqli, lekin yangilab boʻlmaydi ({error})",
                "Действителен, но обновить его нельзя ({error})"
            )
        case .tokenRenewing: Words("It is being renewed", "Yangilanmoqda", "Обновляется")
        case .tokenMissing:
            Words(
                "There is none that works, and Eskiz gives no new one ({error})",
                "Yaroqlisi yoʻq, Eskiz yangisini bermayapti ({error})",
                "Действующего нет, а новый Eskiz не даёт ({error})"
            )
        case .tokenAbsent:
            Words(
                "There is none, and nothing to log in with",
                "U yoʻq, kirish uchun ham hech narsa yoʻq",
                "Его нет, и войти не с чем"
            )
        case .tokenDead:
            Words(
                "Eskiz refuses it, and there is nothing to log in with",
                "Eskiz uni rad etmoqda, kirish uchun hech narsa yoʻq",
                "Eskiz его отклоняет, а войти не с чем"
            )
        case .credentialsRefused:
            Words(
                "Eskiz refuses e-mail and key",
                "Eskiz e-mail va kalitni rad etmoqda",
                "Eskiz отклоняет e-mail и ключ"
            )
        case .balanceWell, .balanceEmpty: Words("{amount}", "{amount}", "{amount}")
        case .balanceUnknown: Words("Eskiz has not told it yet", "Eskiz hali aytmagan", "Eskiz его ещё не сообщал")
        case .callbacksArrive:
            Words(
                "They arrive; the last one {span} ago",
                "Kelmoqda; oxirgisi {span} oldin",
                "Приходят; последний {span} назад"
            )
        case .callbacksMissing:
            Words(
                "They do not arrive: {count} times in a row the news had to be asked for",
                "Kelmayapti: ketma-ket {count} marta oʻzimiz soʻradik",
                "Не приходят: {count} раз подряд новости пришлось спрашивать"
            )
        case .callbacksNone:
            Words("None has come since the start", "Ishga tushgandan beri kelmagan", "С запуска ни одного не было")
        case .callbacksOff:
            Words(
                "Eskiz has no address to post to; it is asked from time to time",
                "Eskizda yuboradigan manzil yoʻq; undan vaqti-vaqti bilan soʻraladi",
                "У Eskiz нет адреса для отчётов; его время от времени спрашивают"
            )
        case .webhooksWell: Words("None was given up", "Birortasi tashlab qoʻyilmagan", "Ни один не брошен")
        case .webhooksDead:
            Words(
                "Given up, because applications did not take them: {count}",
                "Ilovalar olmagani uchun tashlab qoʻyilgan: {count}",
                "Брошено, потому что приложения их не приняли: {count}"
            )
        case .webhooksUnknown: Words("The store cannot be read", "Omborni oʻqib boʻlmaydi", "Хранилище не читается")
        case .outcomesClear: Words("None is unclear for good", "Butunlay nomaʼlumi yoʻq", "Навсегда неясных нет")
        case .outcomesLookedFor:
            Words(
                "The gateway looks for them in Eskiz's list: {count}",
                "Gateway ularni Eskiz roʻyxatidan qidirmoqda: {count}",
                "Шлюз ищет их в списке Eskiz: {count}"
            )
        case .outcomesUnsettled:
            Words(
                "Nobody can say whether Eskiz has them: {count}",
                "Eskizda bor-yoʻqligini hech kim ayta olmaydi: {count}",
                "Неизвестно, есть ли они у Eskiz: {count}"
            )
        }
    }
}
