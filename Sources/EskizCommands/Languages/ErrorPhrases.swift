import Eskiz
import EskizPostgres
import EskizText

extension Language {
    /// What happened and what to do about it, in this language.
    ///
    /// English is what the library says itself, which knows the particulars; the other languages say it by the code and
    /// add the particulars where they matter.
    func explain(_ error: EskizError) -> (what: String, remedy: String) {
        guard let (what, usual) = ownWords(error) ?? errorPhrases[error.code] else {
            return (error.summary, error.remedy)
        }
        // What is right after a failure, "try again" say, would double a message that may have been taken.
        let remedy = error.isOutcomeUnknown ? say(.outcomeUnknownRemedy) : usual
        guard Self.codesWithParticulars.contains(error.code), ownWords(error) == nil else {
            let status = error.httpStatus.map { " (HTTP \($0))" } ?? ""
            return (what + status, remedy)
        }
        return (what + " " + say(.details, ["text": error.summary]), remedy)
    }

    /// A failure that the command words itself; nil for those of the library.
    private func ownWords(_ error: EskizError) -> (what: String, remedy: String)? {
        if let failure = error.cause as? PostgresFailure, self != .english {
            let (what, remedy) = explain(failure.error.kind)
            let state = failure.error.sqlState.map { " (SQLSTATE \($0))" } ?? ""
            let words = failure.error.detail.map { " " + say(.details, ["text": $0]) } ?? ""
            return ("\(failure.setting.rawValue): " + what + state + words, remedy)
        }
        if let text = error.cause as? MessageTextError { return explain(text) }
        if let text = error.cause as? CostlyText {
            let (what, remedy) = explain(text.error)
            return (what + " " + say(.textWouldCost, ["amount": money(text.cost)]), remedy)
        }
        return (error.cause as? WordedCause).map { (say($0.what, $0.values), say($0.remedy)) }
    }

    /// Codes for which the general sentence alone would leave a person without the point.
    private static let codesWithParticulars: Set<EskizError.Code> = [
        .invalidPhone, .invalidText, .invalidUserSMSID, .invalidArgument, .invalidConfiguration, .refused,
        .unexpectedAnswer, .tlsFailed, .internalError, .storeFailed,
    ]

    /// Empty for English.
    var errorPhrases: [EskizError.Code: (what: String, remedy: String)] {
        switch self {
        case .english: [:]
        case .uzbek: Self.uzbekErrors
        case .russian: Self.russianErrors
        }
    }

    private static let uzbekErrors: [EskizError.Code: (what: String, remedy: String)] = [
        .invalidPhone: (
            "Telefon raqami notoʻgʻri.", "Shunday yozing: +998 90 123-45-67, 998901234567 yoki 901234567."
        ),
        .invalidText: ("Matn boʻsh, juda uzun yoki oʻqib boʻlmaydi.", "Matnni toʻgʻrilab, qayta urinib koʻring."),
        .invalidUserSMSID: ("user_sms_id 1 tadan 12 tagacha raqam boʻlishi kerak.", "Faqat raqamlardan foydalaning."),
        .invalidArgument: ("Qiymatlardan biri notoʻgʻri.", "Uni toʻgʻrilab, qayta urinib koʻring."),
        .invalidConfiguration: (
            "Sozlama yetishmaydi yoki notoʻgʻri.",
            "Toʻgʻrilang; qiymat qayerdan olinganini `eskiz self-test` koʻrsatadi."
        ),
        .textNotApproved: (
            "Bu matn moderatsiyadan oʻtmagan.",
            "Uni `eskiz templates add` bilan yoki my.eskiz.uz kabinetida tasdiqlashga yuboring."
        ),
        .testAccountTextOnly: (
            "Bu sinov hisobi: faqat uchta tayyor iborani yubora oladi.",
            "«Bu Eskiz dan test» deb yuboring yoki kabinetda hisobni faollashtiring."
        ),
        .senderNotApproved: (
            "Yuboruvchi nomi bu hisob uchun tasdiqlanmagan.", "ESKIZ_FROM ga `eskiz senders` dagi nomni kiriting."
        ),
        .forbidden: ("Eskiz bunga ruxsat bermadi.", "Hisob huquqlarini kabinetda tekshiring."),
        .notFound: ("Bunday xabar yoki manzil yoʻq.", "ID ni tekshiring; UUID boʻyicha qidiruv 30 kun ishlaydi."),
        .rateLimited: ("Soʻrovlar juda koʻp.", "Biroz kutib, sekinroq davom eting."),
        .refused: ("Eskiz soʻrovni rad etdi.", "Eskiz javobini oʻqib, soʻrovni toʻgʻrilang."),
        .credentialsRefused: (
            "Eskiz e-mail yoki kalitni qabul qilmadi.",
            "ESKIZ_PASSWORD kabinet paroli emas, balki API kalit (SMS, Sozlamalar). Toʻgʻrilab, `eskiz login` bilan "
                + "tekshiring; ungacha ular bir muddat sinalmaydi."
        ),
        .accountBlocked: (
            "Eskiz token bermadi: hisob bloklangan yoki faollashtirilmagan.",
            "Eskiz qoʻllab-quvvatlash xizmatiga yozing."
        ),
        .tokenDead: (
            "Token yaroqsiz, yangisini olish uchun esa maʼlumot yoʻq.",
            "ESKIZ_EMAIL va ESKIZ_PASSWORD (kabinetdagi API kalit) yoki yangi ESKIZ_TOKEN kiriting."
        ),
        .newTokensRejected: (
            "Eskiz hozirgina oʻzi bergan tokenni rad etmoqda.",
            "Kompyuter soatini va ESKIZ_BASE_URL ni tekshiring; boʻlmasa, Eskizga yozing."
        ),
        .renewalFailed: ("Tokenni hozir yangilab boʻlmadi.", "Keyinroq qayta urinib koʻring; bu oʻtkinchi holat."),
        .nameResolution: ("Server nomi topilmadi.", "ESKIZ_BASE_URL va DNS sozlamasini tekshiring."),
        .connectionFailed: ("Eskiz bilan ulanib boʻlmadi.", "Tarmoq, himoya devori va proksini tekshiring."),
        .tlsFailed: ("Xavfsiz (TLS) ulanish oʻrnatilmadi.", "Soatni va CA sertifikatlarini tekshiring."),
        .timedOut: ("Javob oʻz vaqtida kelmadi.", "Qayta urinib koʻring yoki ESKIZ_TIMEOUT ni oshiring."),
        .connectionClosed: ("Aloqa javob toʻliq kelmasdan uzildi.", "Qayta urinib koʻring."),
        .serverError: ("Eskiz serverida xato.", "Nosozlik Eskiz tomonida; keyinroq urinib koʻring."),
        .unexpectedAnswer: (
            "Eskiz kutilmagan javob qaytardi.", "ESKIZ_BASE_URL toʻgʻriligini va orada proksi yoʻqligini tekshiring."
        ),
        .redirected: (
            "Server boshqa manzilga yoʻnaltirdi; token bilan unga oʻtilmaydi.",
            "ESKIZ_BASE_URL ga yakuniy manzilni kiriting."
        ),
        .cancelled: ("Toʻxtatildi.", ""),
        .shutDown: ("Mijoz toʻxtatilgan.", "Yangisini yarating."),
        .internalError: ("Dasturda xato yuz berdi.", "Iltimos, bajargan buyrugʻingiz bilan birga xabar bering."),
        .storeFailed: ("Navbat maʼlumotlar bazasi ishlamayapti.", "Diskda joy borligini tekshiring va qayta urining."),
    ]

    private static let russianErrors: [EskizError.Code: (what: String, remedy: String)] = [
        .invalidPhone: (
            "Номер телефона не подходит.", "Укажите его так: +998 90 123-45-67, 998901234567 или 901234567."
        ),
        .invalidText: ("Текст пуст, слишком длинный или не читается.", "Исправьте текст и повторите."),
        .invalidUserSMSID: ("user_sms_id — это от 1 до 12 цифр.", "Используйте только цифры."),
        .invalidArgument: ("Одно из значений неверно.", "Исправьте его и повторите."),
        .invalidConfiguration: (
            "Настройка отсутствует или неверна.", "Исправьте её; откуда взято значение, покажет `eskiz self-test`."
        ),
        .textNotApproved: (
            "Этот текст не прошёл модерацию.",
            "Отправьте его на проверку через `eskiz templates add` или в кабинете my.eskiz.uz."
        ),
        .testAccountTextOnly: (
            "Это тестовая учётная запись: ей доступны только три готовые фразы.",
            "Отправьте «Это тест от Eskiz» или активируйте учётную запись в кабинете."
        ),
        .senderNotApproved: (
            "Имя отправителя не одобрено для этой учётной записи.", "Возьмите ESKIZ_FROM из списка `eskiz senders`."
        ),
        .forbidden: ("Eskiz этого не разрешает.", "Проверьте права учётной записи в кабинете."),
        .notFound: ("Такого сообщения или адреса нет.", "Проверьте ID; поиск по UUID работает 30 дней."),
        .rateLimited: ("Слишком много запросов.", "Подождите и продолжайте медленнее."),
        .refused: ("Eskiz отклонил запрос.", "Прочитайте ответ Eskiz и исправьте запрос."),
        .credentialsRefused: (
            "Eskiz не принял e-mail или ключ.",
            "ESKIZ_PASSWORD — это API-ключ (SMS, Настройки), а не пароль кабинета. Исправьте и проверьте через "
                + "`eskiz login`; прежние данные какое-то время не пробуются снова."
        ),
        .accountBlocked: (
            "Eskiz не выдал токен: учётная запись заблокирована или не активирована.", "Обратитесь в поддержку Eskiz."
        ),
        .tokenDead: (
            "Токен больше не действует, а войти за новым нечем.",
            "Задайте ESKIZ_EMAIL и ESKIZ_PASSWORD (API-ключ из кабинета) или новый ESKIZ_TOKEN."
        ),
        .newTokensRejected: (
            "Eskiz отвергает токен, который только что выдал.",
            "Проверьте часы этой машины и ESKIZ_BASE_URL; если всё верно, напишите в Eskiz."
        ),
        .renewalFailed: ("Обновить токен сейчас не удалось.", "Повторите позже: причина временная."),
        .nameResolution: ("Имя сервера не найдено.", "Проверьте ESKIZ_BASE_URL и DNS."),
        .connectionFailed: ("Соединиться с Eskiz не удалось.", "Проверьте сеть, межсетевой экран и прокси."),
        .tlsFailed: ("Безопасное соединение (TLS) не установлено.", "Проверьте часы и сертификаты ЦС."),
        .timedOut: ("Ответ не пришёл вовремя.", "Повторите или увеличьте ESKIZ_TIMEOUT."),
        .connectionClosed: ("Связь прервалась, не дождавшись полного ответа.", "Повторите."),
        .serverError: ("Ошибка на сервере Eskiz.", "Неполадка на стороне Eskiz; повторите позже."),
        .unexpectedAnswer: (
            "Eskiz ответил не так, как обещает API.", "Проверьте ESKIZ_BASE_URL и нет ли на пути прокси."
        ),
        .redirected: (
            "Сервер перенаправляет на другой адрес; с токеном туда не переходим.",
            "Укажите в ESKIZ_BASE_URL конечный адрес."
        ),
        .cancelled: ("Остановлено.", ""),
        .shutDown: ("Клиент остановлен.", "Создайте новый."),
        .internalError: ("В программе произошла ошибка.", "Пожалуйста, сообщите о ней вместе с командой."),
        .storeFailed: ("База данных очереди не работает.", "Проверьте, есть ли место на диске, и повторите."),
    ]
}
