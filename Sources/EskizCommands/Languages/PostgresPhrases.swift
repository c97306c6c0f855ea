import EskizPostgres

extension Language {
    /// What happened to PostgreSQL and what to do about it; English is what `EskizPostgres` says itself.
    func explain(_ kind: PostgresErrorKind) -> (what: String, remedy: String) {
        switch self {
        case .english: (PostgresError(kind).summary, PostgresError(kind).remedy)
        case .uzbek: Self.uzbek(kind)
        case .russian: Self.russian(kind)
        }
    }

    private static func uzbek(_ kind: PostgresErrorKind) -> (what: String, remedy: String) {
        switch kind {
        case .libraryMissing:
            (
                "PostgreSQL soʻralgan, lekin uning mijoz kutubxonasi libpq oʻrnatilmagan.",
                "Oʻrnating: Debian va Ubuntuda `apt-get install libpq5`."
            )
        case .badAddress:
            (
                "PostgreSQL manzilini oʻqib boʻlmadi.",
                "Shunday yozing: postgres://user@host:5432/database, paroldagi @ oʻrniga %40."
            )
        case .unknownHost: ("PostgreSQL serverining nomi topilmadi.", "Manzildagi nomni va DNS ni tekshiring.")
        case .unreachable:
            (
                "PostgreSQL bilan ulanib boʻlmadi.",
                "Server ishlayaptimi, host, port va himoya devori toʻgʻrimi, tekshiring; `psql` ham shuni koʻrsatadi."
            )
        case .connectTimeout:
            ("PostgreSQL ulanishga oʻz vaqtida javob bermadi.", "Host, port va himoya devorini tekshiring.")
        case .tls:
            (
                "PostgreSQL bilan xavfsiz ulanish oʻrnatilmadi.",
                "Manzildagi sslmode va sslrootcert ni hamda sertifikatdagi nomni tekshiring."
            )
        case .authentication:
            (
                "PostgreSQL foydalanuvchi yoki parolni qabul qilmadi.",
                "Ularni manzilda yoki ~/.pgpass faylida tekshiring."
            )
        case .notAllowed:
            (
                "PostgreSQL bu foydalanuvchini bu yerdan hech bir qoida bilan kiritmaydi.",
                "Uning pg_hba.conf fayliga qator qoʻshing va qayta yuklang."
            )
        case .noSuchDatabase:
            (
                "PostgreSQLda bunday maʼlumotlar bazasi yoʻq.",
                "Manzildagi nomni tekshiring yoki bazani `createdb` bilan yarating."
            )
        case .tooManyConnections:
            (
                "PostgreSQL boshqa ulanish qabul qilmayapti.",
                "max_connections yoki rol chegarasini oshiring yoki oldiga pgbouncer qoʻying."
            )
        case .notReady:
            ("PostgreSQL ishga tushmoqda, tiklanmoqda yoki toʻxtamoqda.", "Kuting: qayta uriniladi.")
        case .connectionLost: ("PostgreSQL bilan aloqa uzildi.", "Hech narsa qilmang: u qayta oʻrnatiladi.")
        case .terminated: ("PostgreSQL ulanishni yopdi.", "Hech narsa qilmang: u qayta oʻrnatiladi.")
        case .silent:
            (
                "PostgreSQL oʻz vaqtida javob bermadi.",
                "Uning yuklamasini, qulflarini (pg_stat_activity) va tarmoqni tekshiring."
            )
        case .readOnly:
            (
                "Bu PostgreSQL oʻzgartirish qabul qilmaydi: u zaxira server yoki faqat oʻqish uchun.",
                "Manzilda barcha hostlarni yozing va target_session_attrs=read-write ni qoʻshing."
            )
        case .serverTooOld: ("Bu PostgreSQL juda eski.", "14 yoki undan yangi versiyadan foydalaning.")
        case .schemaMissing:
            (
                "Bazada bu versiya uchun kerakli narsalarning hammasi yoʻq.",
                "Jadval yarata oladigan rol bilan `eskiz database migrate` ni bajaring."
            )
        case .schemaNewer:
            (
                "Baza yangiroq versiya bilan yaratilgan, bu versiya uni tushunmaydi.",
                "Bu yerda ham oʻsha versiyadan foydalaning."
            )
        case .missingRights:
            ("Rolning bazada bunga huquqi yoʻq.", "docs/operations.md da unga yozilgan huquqlarni bering.")
        case .diskFull: ("PostgreSQL diski toʻlgan.", "Joy boʻshating; qayta uriniladi.")
        case .outOfResources:
            ("PostgreSQLda xotira yoki boshqa resurs tugadi.", "Uning logini va sozlamalarini tekshiring.")
        case .corrupt:
            ("PostgreSQL maʼlumotlar buzilganini aytmoqda.", "Uning logini koʻring, kerak boʻlsa, zaxiradan tiklang.")
        case .serialization, .deadlock:
            ("Ikki tranzaksiya bir-biriga xalaqit berdi, bunisi bekor qilindi.", "Hech narsa qilmang: qayta uriniladi.")
        case .lockTimeout:
            ("Boshqa kimdir qulfni juda uzoq ushlab turdi.", "pg_stat_activity da uzoq tranzaksiyalarni qidiring.")
        case .cancelled:
            (
                "PostgreSQL soʻrovni bekor qildi.",
                "Uning yuklamasini, statement_timeout ni va uzoq tranzaksiyalarni tekshiring."
            )
        case .transactionTimeout:
            ("PostgreSQL toʻxtab qolgan tranzaksiyani yopdi.", "Hech narsa qilmang: qayta uriniladi.")
        case .preparedStatement:
            (
                "PostgreSQL oldidagi puler tayyorlangan soʻrovlarni aralashtirib yubordi.",
                "Hech narsa qilmang: ulanish qayta oʻrnatiladi."
            )
        case .duplicate, .integrity:
            ("PostgreSQL boshqalarga mos kelmaydigan qatorni rad etdi.", "Iltimos, log bilan birga xabar bering.")
        case .badData: ("PostgreSQL qiymatni rad etdi.", "Iltimos, log bilan birga xabar bering.")
        case .badStatement:
            (
                "PostgreSQL soʻrovni tushunmadi.",
                "`eskiz database status` sxema mosligini aytadimi, tekshiring."
            )
        case .other: ("PostgreSQL soʻrovni rad etdi.", "Uning logini koʻring.")
        }
    }

    private static func russian(_ kind: PostgresErrorKind) -> (what: String, remedy: String) {
        switch kind {
        case .libraryMissing:
            (
                "Запрошен PostgreSQL, но его клиентская библиотека libpq не установлена.",
                "Установите её: в Debian и Ubuntu `apt-get install libpq5`."
            )
        case .badAddress:
            (
                "Адрес PostgreSQL не читается.",
                "Укажите его так: postgres://user@host:5432/database, с %40 вместо @ в пароле."
            )
        case .unknownHost: ("Имя сервера PostgreSQL не найдено.", "Проверьте имя в адресе и DNS.")
        case .unreachable:
            (
                "Соединиться с PostgreSQL не удалось.",
                "Проверьте, работает ли он, а также хост, порт и межсетевой экран; `psql` с тем же адресом скажет то же."
            )
        case .connectTimeout:
            ("PostgreSQL не ответил вовремя при соединении.", "Проверьте хост, порт и межсетевой экран.")
        case .tls:
            (
                "Безопасное соединение с PostgreSQL не установлено.",
                "Проверьте sslmode и sslrootcert в адресе и имя в сертификате сервера."
            )
        case .authentication:
            ("PostgreSQL не принял пользователя или пароль.", "Проверьте их в адресе или в ~/.pgpass.")
        case .notAllowed:
            (
                "PostgreSQL не пускает этого пользователя отсюда ни по одному правилу.",
                "Добавьте строку в его pg_hba.conf и перечитайте настройки."
            )
        case .noSuchDatabase:
            ("В PostgreSQL нет такой базы данных.", "Проверьте имя в адресе или создайте её через `createdb`.")
        case .tooManyConnections:
            (
                "PostgreSQL больше не принимает соединений.",
                "Увеличьте max_connections или предел роли либо поставьте перед ним pgbouncer."
            )
        case .notReady:
            ("PostgreSQL запускается, восстанавливается или останавливается.", "Подождите: попытка повторится.")
        case .connectionLost: ("Связь с PostgreSQL прервалась.", "Ничего: она установится заново.")
        case .terminated: ("PostgreSQL закрыл соединение.", "Ничего: оно установится заново.")
        case .silent:
            (
                "PostgreSQL не ответил вовремя.",
                "Проверьте его нагрузку, блокировки (pg_stat_activity) и сеть."
            )
        case .readOnly:
            (
                "Этот PostgreSQL не принимает изменений: это резервный сервер или он только для чтения.",
                "Перечислите в адресе все хосты и добавьте target_session_attrs=read-write."
            )
        case .serverTooOld: ("Этот PostgreSQL слишком старый.", "Возьмите версию 14 или новее.")
        case .schemaMissing:
            (
                "В базе нет того, что нужно этой версии, или есть не всё.",
                "Выполните `eskiz database migrate` от роли, которая может создавать таблицы."
            )
        case .schemaNewer:
            ("База создана более новой версией, которую эта не понимает.", "Возьмите и здесь ту же версию.")
        case .missingRights:
            ("У роли нет на это прав в базе.", "Дайте ей права, перечисленные в docs/operations.md.")
        case .diskFull: ("Диск PostgreSQL заполнен.", "Освободите место; попытка повторится.")
        case .outOfResources:
            ("У PostgreSQL кончилась память или другой ресурс.", "Посмотрите его журнал и настройки.")
        case .corrupt:
            (
                "PostgreSQL сообщает о повреждённых данных.",
                "Посмотрите его журнал и, если нужно, восстановите резервную копию."
            )
        case .serialization, .deadlock:
            ("Две транзакции помешали друг другу, и эта отменена.", "Ничего: попытка повторится.")
        case .lockTimeout:
            ("Кто-то слишком долго держал блокировку.", "Поищите долгие транзакции в pg_stat_activity.")
        case .cancelled:
            (
                "PostgreSQL отменил запрос.",
                "Проверьте его нагрузку, statement_timeout и долгие транзакции."
            )
        case .transactionTimeout:
            ("PostgreSQL закрыл застывшую транзакцию.", "Ничего: попытка повторится.")
        case .preparedStatement:
            ("Пулер перед PostgreSQL перепутал подготовленные запросы.", "Ничего: соединение установится заново.")
        case .duplicate, .integrity:
            (
                "PostgreSQL отверг строку, которая не подходит к остальным.",
                "Пожалуйста, сообщите об этом вместе с журналом."
            )
        case .badData:
            ("PostgreSQL отверг значение.", "Пожалуйста, сообщите об этом вместе с журналом.")
        case .badStatement:
            ("PostgreSQL не понял запрос.", "Посмотрите, говорит ли `eskiz database status`, что схема подходит.")
        case .other: ("PostgreSQL отверг запрос.", "Посмотрите его журнал.")
        }
    }
}
