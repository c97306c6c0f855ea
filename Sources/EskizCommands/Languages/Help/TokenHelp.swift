/// Help of the verbs about the token, and of `self-test`.
extension HelpText {
    static let token = HelpText(
        "Show what token we hold: preview, dates, where it is stored. Never the token.",
        uz: "Qanday token borligini koʻrsatadi: boshi, sanalari, saqlangan joyi. Tokenning oʻzi hech qachon chiqmaydi.",
        ru: "Показывает, какой есть токен: начало, даты, где хранится. Сам токен — никогда."
    )

    static let tokenDetails = HelpText(
        """
        Asks Eskiz nothing. Exit code 77: there is neither a living token nor
        anything to log in with.
        """,
        uz: """
            Eskizdan hech narsa soʻramaydi. Chiqish kodi 77: yaroqli token ham, kirish
            uchun maʼlumot ham yoʻq.
            """,
        ru: """
            К Eskiz не обращается. Код выхода 77: нет ни действующего токена, ни
            данных для входа.
            """
    )

    static let refreshToken = HelpText(
        "Ask Eskiz for a new token now and store it.",
        uz: "Eskizdan hoziroq yangi token olib, saqlaydi.",
        ru: "Получает у Eskiz новый токен прямо сейчас и сохраняет его."
    )

    static let refreshTokenDetails = HelpText(
        "Where Eskiz refuses to refresh and e-mail and key are set, it logs in instead.",
        uz: "Eskiz yangilashni rad etsa, e-mail va kalit kiritilgan boʻlsa, qayta kiradi.",
        ru: "Если Eskiz отказывает в обновлении, а e-mail и ключ заданы, выполняет вход."
    )

    static let ifNeeded = HelpText(
        "Only if the token is due: for cron.",
        uz: "Faqat token yangilash vaqti kelgan boʻlsa: cron uchun.",
        ru: "Только если токен пора обновить: для cron."
    )

    static let login = HelpText(
        "Log in with ESKIZ_EMAIL and ESKIZ_PASSWORD and store the token.",
        uz: "ESKIZ_EMAIL va ESKIZ_PASSWORD bilan kirib, tokenni saqlaydi.",
        ru: "Входит с ESKIZ_EMAIL и ESKIZ_PASSWORD и сохраняет токен."
    )

    static let loginDetails = HelpText(
        """
        The password is the API key from the cabinet (SMS, Settings), not the
        password of the cabinet. Sends log in by themselves; this is for trying
        new credentials.
        """,
        uz: """
            ESKIZ_PASSWORD — kabinet paroli emas, balki kabinetdagi API kalit (SMS,
            Sozlamalar). Yuborishda buyruq oʻzi kiradi; bu yangi kirish maʼlumotlarini
            sinab koʻrish uchun.
            """,
        ru: """
            ESKIZ_PASSWORD — это API-ключ из кабинета (SMS, Настройки), а не пароль
            кабинета. При отправке вход выполняется сам; эта команда нужна, чтобы
            проверить новые данные для входа.
            """
    )

    static let selfTest = HelpText(
        "Find out why codes do not arrive: settings, network, token, account, template, one SMS.",
        uz: "Kodlar nega yetib bormayotganini aniqlaydi: sozlamalar, tarmoq, token, hisob, kod matni, bitta SMS.",
        ru: "Выясняет, почему коды не доходят: настройки, сеть, токен, учётная запись, текст кода, одно SMS."
    )

    static let selfTestMarks = HelpText(
        """
        Each line has a mark and says what to do next:
        ✓ fine, ! look at it, ✗ broken, – not tried.
        """,
        uz: """
            Har bir qatorda belgi bor va keyin nima qilish kerakligi aytiladi:
            ✓ joyida, ! eʼtibor kerak, ✗ nosoz, – tekshirilmadi.
            """,
        ru: """
            В каждой строке есть знак и сказано, что делать дальше:
            ✓ в порядке, ! обратите внимание, ✗ неисправно, – не проверялось.
            """
    )

    static let selfTestDetails = HelpText(
        """
        The exit code is that of the worst failure. The token is renewed only if
        it is due, or with --refresh.
        """,
        uz: """
            Chiqish kodi eng ogʻir nosozlikniki. Token faqat vaqti kelganda yoki
            --refresh bilan yangilanadi.
            """,
        ru: """
            Код выхода — от самой тяжёлой неисправности. Токен обновляется, только
            если пора, или с --refresh.
            """
    )

    static let sendTo = HelpText(
        "Send one SMS to this number and follow it until it is delivered.",
        uz: "Shu raqamga bitta SMS yuborib, yetkazilguncha kuzatadi.",
        ru: "Отправляет на этот номер одно SMS и следит за ним до доставки."
    )

    static let refresh = HelpText(
        "Renew the token even if it is not due.",
        uz: "Tokenni vaqti kelmagan boʻlsa ham yangilaydi.",
        ru: "Обновляет токен, даже если ещё рано."
    )
}
