import EskizPages
import EskizQueue

/// What the first screen says of what keeps messages from being sent.
enum HoldPhrase: String, PagePhrase {
    case healthThrottled, healthRate
    case holdQuietHours, holdThrottled, holdRate, holdFailures, holdCredentials, holdBalance, holdConfiguration
    case holdUntil, holdOpen

    init(_ reason: SendingHold.Reason) {
        switch reason {
        case .throttled: self = .holdThrottled
        case .rate: self = .holdRate
        case .failures: self = .holdFailures
        case .credentials: self = .holdCredentials
        case .balance: self = .holdBalance
        case .configuration: self = .holdConfiguration
        case .quietHours: self = .holdQuietHours
        }
    }

    var words: Words {
        switch self {
        case .healthThrottled:
            Words(
                "Eskiz has too many requests and asks to wait. Waiting: {count}. The next try is in {time}.",
                "Eskizga soʻrovlar koʻp, u kutishni soʻramoqda. Kutmoqda: {count}. Keyingi urinish {time} dan keyin.",
                "Eskiz получает слишком много запросов и просит подождать. Ждут: {count}. Следующая попытка через {time}."
            )
        case .healthRate:
            Words(
                "A batch has used up the limit of ESKIZ_RATE_LIMIT; its lane waits for {time}, the others go on.",
                "Toʻplam ESKIZ_RATE_LIMIT chegarasini ishlatib boʻldi; uning yoʻlagi {time} kutadi, boshqalari ketmoqda.",
                "Пакет исчерпал лимит ESKIZ_RATE_LIMIT; его полоса ждёт {time}, остальные идут."
            )
        case .holdThrottled: Words("Eskiz asks to wait", "Eskiz kutishni soʻramoqda", "Eskiz просит подождать")
        case .holdQuietHours: Words("Quiet hours", "Tungi osoyishtalik", "Тихие часы")
        case .holdRate: Words("The rate limit is used up", "Tezlik chegarasi tugadi", "Лимит скорости исчерпан")
        case .holdFailures: Words("Eskiz does not answer", "Eskiz javob bermayapti", "Eskiz не отвечает")
        case .holdCredentials: Words("Eskiz refuses the login", "Eskiz kirishni rad etmoqda", "Eskiz отклоняет вход")
        case .holdBalance: Words("The balance is used up", "Balans tugagan", "Баланс исчерпан")
        case .holdConfiguration: Words("A setting is wrong", "Sozlama notoʻgʻri", "Неверна настройка")
        case .holdUntil:
            Words(
                "{lanes}: waiting; the next try is at {time}.",
                "{lanes}: kutmoqda; keyingi urinish soat {time} da.",
                "{lanes}: ожидание; следующая попытка в {time}."
            )
        case .holdOpen:
            Words(
                "{lanes}: waiting; the next message is a try.",
                "{lanes}: kutmoqda; keyingi xabar bilan sinab koʻriladi.",
                "{lanes}: ожидание; следующее сообщение станет попыткой."
            )
        }
    }
}
