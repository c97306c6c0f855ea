import EskizPages

extension DoctorCode {
    /// What to do about it; nil where there is nothing to do.
    var remedy: Words? {
        switch self {
        case .fleetNone, .fleetUnknown, .fleetSynchronous, .fleetWithoutStandby: nil
        case .fleetAsynchronous:
            Words(
                "Set synchronous_standby_names in PostgreSQL; docs/operations.md says what a failover costs without.",
                "PostgreSQLda synchronous_standby_names ni bering; usiz nima boʻlishini docs/operations.md aytadi.",
                "Задайте в PostgreSQL synchronous_standby_names; чем грозит переход без него, сказано в docs/operations.md."
            )
        case .fleetUnflushed:
            Words(
                "Set fsync = on and synchronous_commit = on in PostgreSQL.",
                "PostgreSQLda fsync = on va synchronous_commit = on qiling.",
                "Задайте в PostgreSQL fsync = on и synchronous_commit = on."
            )
        case .snapshotOfProcess:
            Words(
                "See what it does (SELECT * FROM pg_stat_activity WHERE pid = {culprit}), and end it: SELECT pg_terminate_backend({culprit}).",
                "Nima qilayotganini koʻring (SELECT * FROM pg_stat_activity WHERE pid = {culprit}) va tugating: SELECT pg_terminate_backend({culprit}).",
                "Посмотрите, что он делает (SELECT * FROM pg_stat_activity WHERE pid = {culprit}), и завершите: SELECT pg_terminate_backend({culprit})."
            )
        case .snapshotOfTransaction:
            Words(
                "End it: COMMIT PREPARED or ROLLBACK PREPARED with that name.",
                "Uni tugating: shu nom bilan COMMIT PREPARED yoki ROLLBACK PREPARED.",
                "Завершите её: COMMIT PREPARED или ROLLBACK PREPARED с этим именем."
            )
        case .snapshotOfSlot:
            Words(
                "Let its standby catch up, or drop it: SELECT pg_drop_replication_slot('{culprit}').",
                "Zaxira yetib olsin yoki slotni oʻchiring: SELECT pg_drop_replication_slot('{culprit}').",
                "Дайте резервной догнать или удалите слот: SELECT pg_drop_replication_slot('{culprit}')."
            )
        case .rowsNotCleared:
            Words(
                "Set autovacuum = on in PostgreSQL, and autovacuum_enabled on no table of the schema eskiz to off.",
                "PostgreSQLda autovacuum = on qiling; eskiz sxemasi jadvallarida autovacuum_enabled oʻchiq boʻlmasin.",
                "Задайте в PostgreSQL autovacuum = on и не отключайте autovacuum_enabled у таблиц схемы eskiz."
            )
        case .sending, .stopping, .storeWell, .diskWell, .diskUnknown, .clocksAgree, .clocksUnknown, .tokenValid,
            .tokenEndless,
            .tokenDue, .tokenRenewing, .balanceWell, .balanceUnknown, .callbacksArrive, .callbacksNone, .webhooksWell,
            .webhooksUnknown, .outcomesClear, .outcomesLookedFor:
            nil
        case .slow:
            Words(
                "More comes in than Eskiz takes: see ESKIZ_CONCURRENCY and ESKIZ_RATE_LIMIT.",
                "Eskiz oladiganidan koʻp kelmoqda: ESKIZ_CONCURRENCY va ESKIZ_RATE_LIMIT ga qarang.",
                "Приходит больше, чем принимает Eskiz: посмотрите ESKIZ_CONCURRENCY и ESKIZ_RATE_LIMIT."
            )
        case .heldThrottled:
            Words(
                "It goes on by itself. If it comes often: set ESKIZ_RATE_LIMIT.",
                "Oʻzi davom etadi. Tez-tez boʻlsa: ESKIZ_RATE_LIMIT ni belgilang.",
                "Продолжится само. Если часто: задайте ESKIZ_RATE_LIMIT."
            )
        case .heldRate:
            Words(
                "It goes on by itself; ESKIZ_RATE_LIMIT says how fast.",
                "Oʻzi davom etadi; tezligi ESKIZ_RATE_LIMIT da.",
                "Продолжится само; скорость задаёт ESKIZ_RATE_LIMIT."
            )
        case .heldQuietHours:
            Words(
                "It goes on in the morning; ESKIZ_QUIET_HOURS says when.",
                "Ertalab davom etadi; vaqti ESKIZ_QUIET_HOURS da.",
                "Продолжится утром; время задаёт ESKIZ_QUIET_HOURS."
            )
        case .heldFailures:
            Words(
                "`eskiz self-test` says what the way to Eskiz lacks. It is tried again by itself.",
                "Eskizgacha yoʻlda nima yetishmasligini `eskiz self-test` aytadi. Oʻzi qayta urinadi.",
                "Чего не хватает на пути к Eskiz, скажет `eskiz self-test`. Попытки повторяются сами."
            )
        case .heldCredentials, .credentialsRefused:
            Words(
                "Correct ESKIZ_EMAIL and ESKIZ_PASSWORD (the key from the cabinet) and restart the gateway.",
                "ESKIZ_EMAIL va ESKIZ_PASSWORD ni (kabinetdagi kalit) toʻgʻrilab, gatewayni qayta ishga tushiring.",
                "Исправьте ESKIZ_EMAIL и ESKIZ_PASSWORD (ключ из кабинета) и перезапустите шлюз."
            )
        case .heldBalance, .balanceEmpty:
            Words(
                "Top it up in the cabinet; sending goes on by itself.",
                "Kabinetda toʻldiring; yuborish oʻzi davom etadi.",
                "Пополните в кабинете; отправка продолжится сама."
            )
        case .heldConfiguration:
            Words(
                "See the log: Eskiz refuses what a setting says, most often ESKIZ_FROM.",
                "Logga qarang: Eskiz bir sozlamani rad etmoqda, koʻpincha ESKIZ_FROM ni.",
                "Смотрите лог: Eskiz отклоняет значение настройки, чаще всего ESKIZ_FROM."
            )
        case .storeFailed:
            Words(
                "See the log of the gateway; docs/troubleshooting.md explains the code.",
                "Gateway logiga qarang; kodni docs/troubleshooting.uz.md tushuntiradi.",
                "Смотрите лог шлюза; код объясняет docs/troubleshooting.ru.md."
            )
        case .diskFilling, .diskFull:
            Words(
                "Free space; it goes on by itself. ESKIZ_RETENTION says how long messages are kept.",
                "Joy boʻshating; oʻzi davom etadi. Xabarlar qancha saqlanishini ESKIZ_RETENTION aytadi.",
                "Освободите место; продолжится само. Сколько хранятся сообщения, задаёт ESKIZ_RETENTION."
            )
        case .clockAhead, .clockBehind:
            Words(
                "Set the clock of this machine: `timedatectl set-ntp true`.",
                "Shu mashina soatini toʻgʻrilang: `timedatectl set-ntp true`.",
                "Настройте часы этой машины: `timedatectl set-ntp true`."
            )
        case .tokenInMemory:
            Words(
                "Make ESKIZ_STATE_DIR writable for the gateway.",
                "ESKIZ_STATE_DIR ga gateway yoza oladigan qiling.",
                "Сделайте ESKIZ_STATE_DIR доступным шлюзу для записи."
            )
        case .tokenCannotRenew, .tokenAbsent, .tokenDead:
            Words(
                "Set ESKIZ_EMAIL and ESKIZ_PASSWORD (the key from the cabinet), which heal every token.",
                "ESKIZ_EMAIL va ESKIZ_PASSWORD ni (kabinetdagi kalit) bering: ular har qanday tokenni tiklaydi.",
                "Задайте ESKIZ_EMAIL и ESKIZ_PASSWORD (ключ из кабинета): с ними восстановится любой токен."
            )
        case .tokenMissing:
            Words(
                "It is tried again by itself; `eskiz self-test` says why it fails.",
                "Oʻzi qayta urinadi; sababini `eskiz self-test` aytadi.",
                "Попытки повторяются сами; причину скажет `eskiz self-test`."
            )
        case .callbacksMissing:
            Words(
                "Is ESKIZ_CALLBACK_URL reachable from outside, past proxy and firewall? Until then reports come late.",
                "ESKIZ_CALLBACK_URL tashqaridan, proksi va himoya devori orqali ochiladimi? Ungacha hisobotlar kechikadi.",
                "Доступен ли ESKIZ_CALLBACK_URL снаружи, через прокси и межсетевой экран? До тех пор отчёты опаздывают."
            )
        case .callbacksOff:
            Words(
                "Set ESKIZ_CALLBACK_URL, and deliveries are known in seconds.",
                "ESKIZ_CALLBACK_URL ni bering, shunda yetkazilgani soniyalarda maʼlum boʻladi.",
                "Задайте ESKIZ_CALLBACK_URL, и о доставке будет известно за секунды."
            )
        case .webhooksDead:
            Words(
                "`eskiz explain ID` shows the answers of an application; then POST /v1/messages/{id}/replay, or the operator's page.",
                "Ilova javoblarini `eskiz explain ID` koʻrsatadi; keyin POST /v1/messages/{id}/replay yoki operator sahifasi.",
                "Ответы приложения покажет `eskiz explain ID`; затем POST /v1/messages/{id}/replay или страница оператора."
            )
        case .outcomesUnsettled:
            Words(
                "Ask Eskiz, then settle each: POST /v1/messages/{id}/resolve, or the operator's page.",
                "Eskizdan soʻrang, keyin har birini hal qiling: POST /v1/messages/{id}/resolve yoki operator sahifasi.",
                "Спросите Eskiz и решите судьбу каждого: POST /v1/messages/{id}/resolve или страница оператора."
            )
        }
    }
}
