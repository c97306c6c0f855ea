/// Help and answers of `eskiz verify`.
extension HelpText {
    static let verify = HelpText(
        "Have the gateway make a one-time code, send it and check it.",
        uz: "Gateway bir martalik kodni yaratadi, yuboradi va tekshiradi.",
        ru: "Шлюз создаёт одноразовый код, отправляет и проверяет его."
    )

    static let verifyDetails = HelpText(
        "The code is never printed: it is on the phone.",
        uz: "Kod hech qachon ekranga chiqmaydi: u telefonda.",
        ru: "Код никогда не выводится: он в телефоне."
    )

    static let verifyStart = HelpText(
        "Send a code, or the same one again if its time has come.",
        uz: "Kod yuboradi yoki vaqti kelgan boʻlsa, oʻsha kodni qayta yuboradi.",
        ru: "Отправляет код или, если пришло время, тот же код ещё раз."
    )

    static let verifyCheck = HelpText(
        "Check a code; exit code 0 if it is right, 1 if not.",
        uz: "Kodni tekshiradi; toʻgʻri boʻlsa chiqish kodi 0, aks holda 1.",
        ru: "Проверяет код; код выхода 0, если он верный, иначе 1."
    )

    static let verifyCheckDetails = HelpText(
        "A code is right once. With - it is read from standard input, where other\nusers of the machine do not see it.",
        uz:
            "Kod faqat bir marta toʻgʻri boʻladi. - bilan u standart kirishdan oʻqiladi,\nu yerda kompyuterning boshqa foydalanuvchilari uni koʻrmaydi.",
        ru: "Код верен один раз. С - он читается из стандартного ввода, где его не видят\nдругие пользователи машины."
    )

    static let verifyCode = HelpText(
        "The code, 4 to 10 digits; - reads it from standard input.",
        uz: "Kod, 4 tadan 10 tagacha raqam; - standart kirishdan oʻqiydi.",
        ru: "Код, от 4 до 10 цифр; - читает его из стандартного ввода."
    )

    static let verifyPurpose = HelpText(
        "What the code is for, for example login.",
        uz: "Kod nima uchun, masalan login.",
        ru: "Для чего код, например login."
    )

    static let verifyTemplate = HelpText(
        "Name of the text (ESKIZ_VERIFY_TEMPLATES).",
        uz: "Matn nomi (ESKIZ_VERIFY_TEMPLATES).",
        ru: "Имя текста (ESKIZ_VERIFY_TEMPLATES)."
    )

    static let verifyLocale = HelpText(
        "Language of the text: uz, ru, en.",
        uz: "Matn tili: uz, ru, en.",
        ru: "Язык текста: uz, ru, en."
    )

    static let verifySent = HelpText(
        "A code is on its way to the phone.",
        uz: "Kod telefonga yuborildi.",
        ru: "Код отправлен на телефон."
    )

    static let verifyTestNumber = HelpText(
        "A test number: no SMS is sent, and its code is the one in ESKIZ_VERIFY_TEST_NUMBERS.",
        uz: "Sinov raqami: SMS yuborilmaydi, kodi ESKIZ_VERIFY_TEST_NUMBERS da.",
        ru: "Тестовый номер: SMS не отправляется, его код — в ESKIZ_VERIFY_TEST_NUMBERS."
    )

    static let verifyGoodUntil = HelpText("Good until", uz: "Amal qiladi", ru: "Действует до")

    static let verifySendAgain = HelpText("Again after", uz: "Qayta yuborish", ru: "Повтор после")

    static let verifyRight = HelpText("The code is right.", uz: "Kod toʻgʻri.", ru: "Код верный.")

    static let verifyWrong = HelpText(
        "The code is wrong. Checks left: {left}.",
        uz: "Kod notoʻgʻri. Qolgan urinishlar: {left}.",
        ru: "Код неверный. Осталось проверок: {left}."
    )

    static let verifyUsed = HelpText(
        "The code has been used already.",
        uz: "Bu kod allaqachon ishlatilgan.",
        ru: "Код уже использован."
    )

    static let verifyExpired = HelpText(
        "The code has expired. Send a new one.",
        uz: "Kod muddati tugagan. Yangisini yuboring.",
        ru: "Срок действия кода истёк. Отправьте новый."
    )

    static let verifyExhausted = HelpText(
        "There were too many wrong codes.",
        uz: "Notoʻgʻri kod juda koʻp kiritildi.",
        ru: "Слишком много неверных кодов."
    )

    static let verifyCancelled = HelpText(
        "The code was taken back.",
        uz: "Kod bekor qilingan.",
        ru: "Код отозван."
    )
}
