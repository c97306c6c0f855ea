import Eskiz
import EskizPages

/// Why a message went no further, by the code of its error.
///
/// The error's own sentence is English and knows the particulars; this says the same in general, in the reader's language.
enum ReasonPhrase: String, PagePhrase {
    case reasonTextNotApproved, reasonTestAccount, reasonSender, reasonForbidden, reasonRefused, reasonPhone, reasonText
    case reasonCredentials, reasonBlocked, reasonToken, reasonUnreachable, reasonTimedOut, reasonServer, reasonAnswer
    case reasonTooMany, reasonInterrupted, reasonNobodyKnows, reasonNotThere, reasonGivenUp

    /// Nil for a code that says no more than itself.
    init?(code: String) {
        guard let phrase = Self.byCode[code] else { return nil }
        self = phrase
    }

    /// By the codes of the library, and those of the queue.
    private static let byCode: [String: ReasonPhrase] = {
        let codes: [EskizError.Code: ReasonPhrase] = [
            .textNotApproved: .reasonTextNotApproved, .testAccountTextOnly: .reasonTestAccount,
            .senderNotApproved: .reasonSender, .forbidden: .reasonForbidden,
            .refused: .reasonRefused, .notFound: .reasonRefused,
            .invalidPhone: .reasonPhone, .invalidText: .reasonText,
            .credentialsRefused: .reasonCredentials, .accountBlocked: .reasonBlocked,
            .tokenDead: .reasonToken, .newTokensRejected: .reasonToken, .renewalFailed: .reasonToken,
            .nameResolution: .reasonUnreachable, .connectionFailed: .reasonUnreachable, .tlsFailed: .reasonUnreachable,
            .timedOut: .reasonTimedOut, .connectionClosed: .reasonTimedOut,
            .serverError: .reasonServer, .unexpectedAnswer: .reasonAnswer, .redirected: .reasonAnswer,
            .rateLimited: .reasonTooMany,
        ]
        var all = Dictionary(uniqueKeysWithValues: codes.map { ($0.key.rawValue, $0.value) })
        all["interrupted"] = .reasonInterrupted
        all["outcome_unknown"] = .reasonNobodyKnows
        all["outcome_unknown_not_sent"] = .reasonNotThere
        all["attempts_exhausted"] = .reasonGivenUp
        return all
    }()

    var words: Words {
        switch self {
        case .reasonTextNotApproved:
            Words(
                "No approved template matches the text.",
                "Matn tasdiqlangan shablonlarning birortasiga mos emas.",
                "Текст не подходит ни под один одобренный шаблон."
            )
        case .reasonTestAccount:
            Words(
                "A test account may send three fixed phrases only.",
                "Sinov hisobi faqat uchta tayyor iborani yubora oladi.",
                "Тестовый аккаунт отправляет только три готовые фразы."
            )
        case .reasonSender:
            Words(
                "The sender is not approved for this account.",
                "Yuboruvchi nomi bu hisob uchun tasdiqlanmagan.",
                "Имя отправителя не одобрено для этого аккаунта."
            )
        case .reasonForbidden:
            Words(
                "The account may not send this.",
                "Hisobga buni yuborishga ruxsat berilmagan.",
                "Аккаунту не разрешено это отправлять."
            )
        case .reasonRefused:
            Words(
                "Eskiz refused the message.",
                "Eskiz xabarni rad etdi.",
                "Eskiz отклонил сообщение."
            )
        case .reasonPhone:
            Words("The phone number is not one.", "Telefon raqami notoʻgʻri.", "Неверный номер телефона.")
        case .reasonText:
            Words("The text cannot be sent.", "Bunday matnni yuborib boʻlmaydi.", "Такой текст нельзя отправить.")
        case .reasonCredentials:
            Words(
                "Eskiz does not accept the e-mail and key.",
                "Eskiz e-mail va kalitni qabul qilmadi.",
                "Eskiz не принял e-mail и ключ."
            )
        case .reasonBlocked:
            Words(
                "The account is blocked or not activated.",
                "Hisob bloklangan yoki faollashtirilmagan.",
                "Аккаунт заблокирован или не активирован."
            )
        case .reasonToken:
            Words("There was no valid token.", "Yaroqli token boʻlmagan.", "Не было действующего токена.")
        case .reasonUnreachable:
            Words("Eskiz could not be reached.", "Eskizga ulanib boʻlmadi.", "До Eskiz не удалось достучаться.")
        case .reasonTimedOut:
            Words(
                "Eskiz did not answer in time.",
                "Eskiz oʻz vaqtida javob bermadi.",
                "Eskiz не ответил вовремя."
            )
        case .reasonServer: Words("Eskiz’s server failed.", "Eskiz serverida xato.", "Ошибка на сервере Eskiz.")
        case .reasonAnswer:
            Words(
                "Eskiz’s answer cannot be read.",
                "Eskiz javobini oʻqib boʻlmaydi.",
                "Ответ Eskiz не разобрать."
            )
        case .reasonTooMany:
            Words("Eskiz asked to go slower.", "Eskiz sekinroq yuborishni soʻradi.", "Eskiz просит слать медленнее.")
        case .reasonInterrupted:
            Words(
                "The gateway was interrupted while it handed it over.",
                "Topshirish paytida shlyuz uzilib qoldi.",
                "Шлюз прервался во время передачи."
            )
        case .reasonNobodyKnows:
            Words(
                "Nobody can say whether it was sent.",
                "Yuborilgan-yuborilmagani nomaʼlum.",
                "Неизвестно, было ли оно отправлено."
            )
        case .reasonNotThere:
            Words(
                "Eskiz did not answer, and later did not have it.",
                "Eskiz javob bermadi, keyin esa unda xabar topilmadi.",
                "Eskiz не ответил, а потом сообщения у него не оказалось."
            )
        case .reasonGivenUp:
            Words(
                "It could not be sent in time.",
                "Oʻz vaqtida yuborib boʻlmadi.",
                "Не удалось отправить вовремя."
            )
        }
    }
}

/// The words of a delivery report.
enum ReportPhrase: String, PagePhrase {
    case reportWaiting, reportStored, reportNew, reportAccepted, reportEnroute, reportIndefinite, reportPartDelivered
    case reportDelivered, reportUndelivered, reportExpired, reportRejected, reportDeleted

    /// Nil for a word of Eskiz that nobody knows yet.
    ///
    /// - Parameter word: the stable name of a status, as it is kept (``MessageStatus/description``).
    init?(word: String) {
        guard let phrase = Self.byWord[word.lowercased()] else { return nil }
        self = phrase
    }

    private static let byWord: [String: ReportPhrase] = {
        let statuses: [MessageStatus: ReportPhrase] = [
            .waiting: .reportWaiting, .stored: .reportStored, .new: .reportNew, .accepted: .reportAccepted,
            .enroute: .reportEnroute, .indefinite: .reportIndefinite, .partDelivered: .reportPartDelivered,
            .delivered: .reportDelivered, .undelivered: .reportUndelivered, .expired: .reportExpired,
            .rejected: .reportRejected, .deleted: .reportDeleted,
        ]
        return Dictionary(uniqueKeysWithValues: statuses.map { ($0.key.description, $0.value) })
    }()

    var words: Words {
        switch self {
        case .reportWaiting: Words("waiting", "kutmoqda", "ожидает")
        case .reportStored: Words("stored", "saqlandi", "записано")
        case .reportNew: Words("new", "yangi", "новое")
        case .reportAccepted: Words("accepted by the operator", "operator qabul qildi", "принято оператором")
        case .reportEnroute: Words("on its way", "yoʻlda", "в пути")
        case .reportIndefinite: Words("the operator cannot say", "operator ayta olmayapti", "оператор не знает")
        case .reportPartDelivered: Words("partly delivered", "qisman yetkazildi", "доставлено частично")
        case .reportDelivered: Words("delivered", "yetkazildi", "доставлено")
        case .reportUndelivered: Words("not delivered", "yetkazilmadi", "не доставлено")
        case .reportExpired: Words("not reached in time", "oʻz vaqtida yetkazilmadi", "не доставлено вовремя")
        case .reportRejected: Words("refused by the operator", "operator rad etdi", "отклонено оператором")
        case .reportDeleted: Words("deleted by Eskiz", "Eskiz oʻchirdi", "удалено Eskiz")
        }
    }
}
