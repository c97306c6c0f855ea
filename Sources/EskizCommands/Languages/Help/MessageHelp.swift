/// Help of the verbs that send messages and look them up.
extension HelpText {
    static let send = HelpText(
        "Send one SMS straight through Eskiz.",
        uz: "Bitta SMSni toʻgʻridan-toʻgʻri Eskiz orqali yuboradi.",
        ru: "Отправляет одно SMS напрямую через Eskiz."
    )

    static let sendDetails = HelpText(
        """
        Exit code 75: nobody knows whether Eskiz took the message. Look it up
        with `eskiz messages` before you send it again.
        """,
        uz: """
            Chiqish kodi 75: Eskiz xabarni qabul qilgan-qilmagani nomaʼlum. Qayta
            yuborishdan oldin uni `eskiz messages` bilan qidirib koʻring.
            """,
        ru: """
            Код выхода 75: неизвестно, принял ли Eskiz сообщение. Прежде чем отправлять
            его снова, найдите его через `eskiz messages`.
            """
    )

    static let sendCode = HelpText(
        "Send a one-time code with the text of ESKIZ_CODE_TEMPLATE.",
        uz: "Bir martalik kodni ESKIZ_CODE_TEMPLATE matni bilan yuboradi.",
        ru: "Отправляет одноразовый код с текстом из ESKIZ_CODE_TEMPLATE."
    )

    static let code = HelpText("The code.", uz: "Kod.", ru: "Код.")

    static let callbackURL = HelpText(
        "Where Eskiz posts delivery reports (ESKIZ_CALLBACK_URL).",
        uz: "Eskiz yetkazish hisobotlarini yuboradigan manzil (ESKIZ_CALLBACK_URL).",
        ru: "Куда Eskiz присылает отчёты о доставке (ESKIZ_CALLBACK_URL)."
    )

    static let userSMSID = HelpText(
        "Your own number for the message: 1 to 12 digits.",
        uz: "Xabar uchun oʻz raqamingiz: 1 tadan 12 tagacha raqam.",
        ru: "Ваш собственный номер сообщения: от 1 до 12 цифр."
    )

    static let global = HelpText(
        "The number is abroad, also without its plus. A number with + and a country's code needs no flag.",
        uz: "Raqam chet elda, plyussiz yozilgan boʻlsa ham. + va davlat kodi bilan yozilgan raqamga bu kerak emas.",
        ru: "Номер за границей, даже если он без плюса. Номеру с + и кодом страны это не нужно."
    )

    static let country = HelpText(
        "The country's two letters, where the number does not say it: KZ, US.",
        uz: "Davlatning ikki harfi, raqamdan bilinmasa: KZ, US.",
        ru: "Две буквы страны, если по номеру её не узнать: KZ, US."
    )

    static let wait = HelpText(
        "Follow the message until it is delivered or not.",
        uz: "Xabar yetkazilgan-yetkazilmagani maʼlum boʻlguncha kuzatadi.",
        ru: "Следит за сообщением, пока не станет ясно, доставлено ли оно."
    )

    static let waitTimeout = HelpText(
        "How long --wait waits.",
        uz: "--wait qancha kutadi.",
        ru: "Сколько ждёт --wait."
    )

    static let status = HelpText(
        "Ask what became of a message.",
        uz: "Xabar nima boʻlganini soʻraydi.",
        ru: "Узнаёт, что стало с сообщением."
    )

    static let statusDetails = HelpText(
        "The UUID that `send` printed can be looked up for 30 days.",
        uz: "`send` chiqargan UUID boʻyicha xabarni 30 kun davomida qidirish mumkin.",
        ru: "По UUID, который вывела команда `send`, сообщение можно найти 30 дней."
    )

    static let messages = HelpText(
        "List what was sent, newest as Eskiz orders them.",
        uz: "Yuborilgan xabarlar roʻyxati, Eskiz bergan tartibda.",
        ru: "Показывает отправленные сообщения в том порядке, в каком их отдаёт Eskiz."
    )

    static let messagesCountNote = HelpText(
        "how many per status",
        uz: "har bir holatda nechta",
        ru: "сколько в каждом статусе"
    )

    static let messagesDetails = HelpText(
        "Times are those of Asia/Tashkent. Without --since the last 7 days are listed.",
        uz: "Vaqtlar Asia/Tashkent boʻyicha. --since berilmasa, oxirgi 7 kun chiqadi.",
        ru: "Время по Asia/Tashkent. Без --since выводятся последние 7 дней."
    )

    static let page = HelpText("Page, from 1.", uz: "Sahifa, 1 dan boshlab.", ru: "Страница, начиная с 1.")

    static let pageSize = HelpText(
        "20 to 200.",
        uz: "Sahifadagi xabarlar soni, 20 dan 200 gacha.",
        ru: "Сообщений на странице, от 20 до 200."
    )

    static let onlyDispatch = HelpText(
        "Only the mailing with this number.",
        uz: "Faqat shu raqamli ommaviy xabar.",
        ru: "Только рассылка с этим номером."
    )

    static let onlyCount = HelpText(
        "Only how many there are, by status.",
        uz: "Faqat soni, holatlar boʻyicha.",
        ru: "Только количество, по статусам."
    )

    static let logs = HelpText(
        "Show what Eskiz wrote down about a message, newest first.",
        uz: "Eskiz xabar haqida nima yozib qoʻyganini koʻrsatadi, yangisi birinchi.",
        ru: "Показывает, что Eskiz записал о сообщении, начиная с последнего."
    )

    static let logsDetails = HelpText(
        """
        Eskiz logs the request as it came. With --unmask and --json it is shown,
        text and phone included.
        """,
        uz: """
            Eskiz soʻrovni kelganicha yozib qoʻyadi. --unmask va --json bilan u matni va
            telefon raqami bilan birga koʻrsatiladi.
            """,
        ru: """
            Eskiz записывает запрос таким, каким он пришёл. С --unmask и --json он
            выводится вместе с текстом и номером телефона.
            """
    )
}
