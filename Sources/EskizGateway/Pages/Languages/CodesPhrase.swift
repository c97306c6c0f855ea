import EskizPages
import EskizVerify

/// What the page of one-time codes says.
enum CodesPhrase: String, PagePhrase {
    case codes, codesHint, codesNone, codesNoneHint, codesToday, codesEntered, codesShare, codesSent, codesPercent
    case codesByOperator, codesByTemplate, codesTemplate, codesNothing
    case codesRefused, codesRefusedNothing, codesRefusedHint
    case codesClosed, codesClosedNothing, codesWatching, codesEnforcing, codesGuardOff
    case closedNetwork, closedBlock, closedOperator, closedKey, closedFigures, closedUntil
    case prefixes, prefixesHint, prefix, prefixBlock, prefixAllow, prefixForget, prefixBlocked, prefixAllowed
    case prefixWrong, prefixDone, prefixGone
    case ruleInterval, ruleHour, ruleDay, ruleFailures, ruleBlock, ruleClient, ruleBudget, ruleKeyMinute
    case ruleTotalMinute, ruleCountry, rulePrefix, ruleSuppressed, ruleConversion

    init(_ rule: SendRefusal.Rule) {
        switch rule {
        case .phoneInterval: self = .ruleInterval
        case .phoneHour: self = .ruleHour
        case .phoneDay: self = .ruleDay
        case .phoneFailures: self = .ruleFailures
        case .numberBlock: self = .ruleBlock
        case .clientIP: self = .ruleClient
        case .budget: self = .ruleBudget
        case .keyMinute: self = .ruleKeyMinute
        case .totalMinute: self = .ruleTotalMinute
        case .country: self = .ruleCountry
        case .prefix: self = .rulePrefix
        case .suppressed: self = .ruleSuppressed
        case .conversion: self = .ruleConversion
        }
    }

    init(_ kind: ConversionGuard.Kind) {
        switch kind {
        case .network: self = .closedNetwork
        case .block: self = .closedBlock
        case .operator: self = .closedOperator
        case .key: self = .closedKey
        }
    }

    init(_ mode: ConversionGuard.Mode) {
        switch mode {
        case .off: self = .codesGuardOff
        case .watch: self = .codesWatching
        case .enforce: self = .codesEnforcing
        }
    }

    var words: Words { figureWords ?? prefixWords ?? ruleWords }

    private var figureWords: Words? {
        switch self {
        case .codes: Words("Codes", "Kodlar", "Коды")
        case .codesHint:
            Words(
                "One-time codes that the gateway makes and checks: which are entered, and what is refused.",
                "Shlyuz yaratadigan va tekshiradigan bir martalik kodlar: qaysilari kiritiladi, nima rad etiladi.",
                "Одноразовые коды, которые создаёт и проверяет шлюз: какие вводят и что отклоняется."
            )
        case .codesNone: Words("No codes here", "Bu yerda kodlar yoʻq", "Кодов здесь нет")
        case .codesNoneHint:
            Words(
                "The database of this gateway keeps no verifications.",
                "Bu shlyuzning bazasi tekshiruvlarni saqlamaydi.",
                "База этого шлюза не хранит проверок."
            )
        case .codesToday: Words("Codes today", "Bugungi kodlar", "Коды сегодня")
        case .codesEntered: Words("entered", "kiritildi", "введено")
        case .codesShare: Words("are entered", "kiritiladi", "вводят")
        case .codesSent: Words("sent", "yuborildi", "отправлено")
        case .codesPercent: Words("Share", "Ulush", "Доля")
        case .codesByOperator: Words("By operator", "Operatorlar boʻyicha", "По операторам")
        case .codesByTemplate: Words("By template", "Shablonlar boʻyicha", "По шаблонам")
        case .codesTemplate: Words("Template", "Shablon", "Шаблон")
        case .codesNothing:
            Words("No code was asked for today.", "Bugun kod soʻralmadi.", "Сегодня коды не запрашивали.")
        case .codesRefused: Words("Refused today", "Bugun rad etildi", "Отклонено сегодня")
        case .codesRefusedNothing: Words("Nothing was refused.", "Hech narsa rad etilmadi.", "Ничего не отклонено.")
        case .codesRefusedHint:
            Words(
                "Since the gateway started.",
                "Shlyuz ishga tushganidan beri.",
                "С запуска шлюза."
            )
        case .codesClosed: Words("Hardly ever entered", "Deyarli kiritilmaydi", "Почти не вводят")
        case .codesClosedNothing:
            Words("Codes are entered as usual.", "Kodlar odatdagidek kiritilmoqda.", "Коды вводят как обычно.")
        case .codesWatching:
            Words(
                "The guard watches and refuses nothing (ESKIZ_VERIFY_GUARD).",
                "Qoʻriqchi kuzatadi, hech narsani rad etmaydi (ESKIZ_VERIFY_GUARD).",
                "Защита наблюдает и ничего не отклоняет (ESKIZ_VERIFY_GUARD)."
            )
        case .codesEnforcing:
            Words(
                "The guard refuses codes to these groups.",
                "Qoʻriqchi bu guruhlarga kodlarni rad etadi.",
                "Защита отклоняет коды этим группам."
            )
        case .codesGuardOff:
            Words("The guard is off.", "Qoʻriqchi oʻchirilgan.", "Защита выключена.")
        default: nil
        }
    }

    private var prefixWords: Words? {
        switch self {
        case .closedNetwork: Words("network {name}", "{name} tarmogʻi", "сеть {name}")
        case .closedBlock: Words("numbers +{name}****", "+{name}**** raqamlari", "номера +{name}****")
        case .closedOperator: Words("operator {name}", "{name} operatori", "оператор {name}")
        case .closedKey: Words("API key {name}", "{name} API kaliti", "ключ API {name}")
        case .closedFigures:
            Words(
                "{approved} of {sent} entered; usual: {usual} %",
                "{sent} tadan {approved} tasi kiritildi; odatda: {usual} %",
                "введено {approved} из {sent}; обычно {usual} %"
            )
        case .closedUntil: Words("until", "gacha", "до")
        case .prefixes: Words("Prefixes", "Prefikslar", "Префиксы")
        case .prefixesHint:
            Words(
                "Codes to numbers that begin so are blocked, or let through whatever share is entered. The longest prefix counts.",
                "Shunday boshlanadigan raqamlarga kodlar toʻsiladi yoki qancha kiritilishidan qatʼi nazar oʻtkaziladi. Eng uzun prefiks hisobga olinadi.",
                "Коды на номера с таким началом запрещены или пропускаются, какую бы долю ни вводили. Действует самый длинный префикс."
            )
        case .prefix: Words("Prefix", "Prefiks", "Префикс")
        case .prefixBlock: Words("Block", "Toʻsish", "Запретить")
        case .prefixAllow: Words("Let through", "Oʻtkazish", "Пропускать")
        case .prefixForget: Words("Lift", "Bekor qilish", "Снять")
        case .prefixBlocked: Words("blocked", "toʻsilgan", "запрещён")
        case .prefixAllowed: Words("let through", "oʻtkaziladi", "пропускается")
        case .prefixWrong:
            Words(
                "A prefix is 2 to 8 digits with the country code, for example 998 90 123.",
                "Prefiks mamlakat kodi bilan 2 tadan 8 tagacha raqam, masalan 998 90 123.",
                "Префикс — от 2 до 8 цифр с кодом страны, например 998 90 123."
            )
        case .prefixDone: Words("It holds from now on.", "Hozirdan amal qiladi.", "Действует с этого момента.")
        case .prefixGone: Words("The rule is lifted.", "Qoida bekor qilindi.", "Правило снято.")
        default: nil
        }
    }

    private var ruleWords: Words {
        switch self {
        case .ruleInterval:
            Words("too soon after the last", "oldingisidan keyin juda erta", "слишком скоро после прошлого")
        case .ruleHour:
            Words("too many to a phone in an hour", "bir raqamga soatiga juda koʻp", "много на номер за час")
        case .ruleDay: Words("too many to a phone in a day", "bir raqamga kuniga juda koʻp", "много на номер за день")
        case .ruleFailures: Words("too many wrong codes", "notoʻgʻri kodlar juda koʻp", "много неверных кодов")
        case .ruleBlock:
            Words("too many to a block of numbers", "yaqin raqamlarga juda koʻp", "много на соседние номера")
        case .ruleClient: Words("too many from an address", "bir manzildan juda koʻp", "много с одного адреса")
        case .ruleBudget: Words("the budget of a key is spent", "kalit byudjeti tugadi", "бюджет ключа исчерпан")
        case .ruleKeyMinute:
            Words("too many of a key in a minute", "kalitdan daqiqasiga juda koʻp", "много у ключа за минуту")
        case .ruleTotalMinute: Words("too many in a minute", "daqiqasiga juda koʻp", "много за минуту")
        case .ruleCountry: Words("another country", "boshqa mamlakat", "другая страна")
        case .rulePrefix: Words("the prefix is blocked", "prefiks toʻsilgan", "префикс запрещён")
        case .ruleSuppressed: Words("the phone gets nothing", "raqamga hech narsa yuborilmaydi", "номер в стоп-листе")
        default: Words("hardly ever entered", "deyarli kiritilmaydi", "почти не вводят")
        }
    }
}
