/// Help of the verbs about texts.
extension HelpText {
    static let segments = HelpText(
        "Count what a text costs: encoding, segments, and what safe normalisation would save.",
        uz: "Matn qancha turishini hisoblaydi: kodlash, qismlar va xavfsiz almashtirish qancha tejashi.",
        ru: "Считает, во что обойдётся текст: кодировка, сегменты и сколько сэкономит безопасная замена символов."
    )

    static let segmentsDetails = HelpText(
        "Works offline and sends nothing.",
        uz: "Internetsiz ishlaydi va hech narsa yubormaydi.",
        ru: "Работает без сети и ничего не отправляет."
    )

    static let check = HelpText(
        "Ask Eskiz whether this account may send a text, and what it costs.",
        uz: "Bu hisob matnni yubora olishini va narxini Eskizdan soʻraydi.",
        ru: "Спрашивает у Eskiz, может ли учётная запись отправить текст и сколько это стоит."
    )

    static let checkDetails = HelpText(
        "Exit code 1 means that it may not.",
        uz: "Chiqish kodi 1: yubora olmaydi.",
        ru: "Код выхода 1: не может."
    )

    static let normalize = HelpText(
        "Ask Eskiz which characters of a text cost more, and what it proposes instead.",
        uz: "Matnning qaysi belgilari qimmatga tushishini va oʻrniga nima taklif qilishini Eskizdan soʻraydi.",
        ru: "Спрашивает у Eskiz, какие символы текста обходятся дороже и что он предлагает взамен."
    )

    static let normalizeDetails = HelpText(
        "Works with the account; `eskiz segments` does the safe part of it offline.",
        uz: "Hisob bilan ishlaydi; xavfsiz qismini `eskiz segments` internetsiz bajaradi.",
        ru: "Работает с учётной записью; безопасную часть `eskiz segments` делает без сети."
    )
}
