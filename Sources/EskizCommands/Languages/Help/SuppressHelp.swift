/// Help and answers of `eskiz suppress`.
extension HelpText {
    static let suppress = HelpText(
        "Phones that get nothing, or no mailings: the gateway's list.",
        uz: "Hech narsa yoki reklama olmaydigan raqamlar: gateway roʻyxati.",
        ru: "Номера, которым ничего не шлют или не шлют рассылок: список шлюза."
    )

    static let suppressDetails = HelpText(
        "What waits for such a phone is cancelled when its turn comes.",
        uz: "Bunday raqamga kutayotgan xabar navbati kelganda bekor qilinadi.",
        ru: "Что ждёт отправки на такой номер, отменяется, когда дойдёт очередь."
    )

    static let suppressAdd = HelpText(
        "Put phones onto the list, or change how they are on it.",
        uz: "Raqamlarni roʻyxatga qoʻshadi yoki undagi holatini oʻzgartiradi.",
        ru: "Вносит номера в список или меняет запись о них."
    )

    static let suppressImport = HelpText(
        "Put the phones of a CSV file onto the list.",
        uz: "CSV fayldagi raqamlarni roʻyxatga qoʻshadi.",
        ru: "Вносит в список номера из файла CSV."
    )

    static let suppressImportDetails = HelpText(
        "A line is phone,scope,reason; scope (all or bulk) and reason may be left out.\nIf a line is wrong, nothing is sent.",
        uz:
            "Satr: raqam,doira,sabab; doira (all yoki bulk) va sabab boʻlmasligi mumkin.\nBirorta satr notoʻgʻri boʻlsa, hech narsa yuborilmaydi.",
        ru:
            "Строка: номер,область,причина; область (all или bulk) и причину можно опустить.\nЕсли строка неверна, не отправляется ничего."
    )

    static let suppressRemove = HelpText(
        "Take phones off the list.",
        uz: "Raqamlarni roʻyxatdan chiqaradi.",
        ru: "Убирает номера из списка."
    )

    static let suppressList = HelpText(
        "Show the list, the last one first.",
        uz: "Roʻyxatni koʻrsatadi, oxirgisi birinchi.",
        ru: "Показывает список, последний — первым."
    )

    static let suppressPhones = HelpText(
        "Phones, for example 901234567.",
        uz: "Telefon raqamlari, masalan 901234567.",
        ru: "Номера телефонов, например 901234567."
    )

    static let suppressFile = HelpText("A CSV file.", uz: "CSV fayl.", ru: "Файл CSV.")

    static let suppressBulk = HelpText(
        "Only messages of the lane bulk are kept from them.",
        uz: "Faqat bulk yoʻlagidagi xabarlar yuborilmaydi.",
        ru: "Не отправляются только сообщения полосы bulk."
    )

    static let suppressReason = HelpText(
        "Why, up to 200 characters; it is kept.",
        uz: "Sababi, 200 belgigacha; saqlanadi.",
        ru: "Почему, до 200 знаков; сохраняется."
    )

    static let suppressAdded = HelpText(
        "Added: {added}. Changed: {changed}.",
        uz: "Qoʻshildi: {added}. Oʻzgartirildi: {changed}.",
        ru: "Внесено: {added}. Изменено: {changed}."
    )

    static let suppressRemoved = HelpText(
        "Taken off the list: {count}.",
        uz: "Roʻyxatdan chiqarildi: {count}.",
        ru: "Убрано из списка: {count}."
    )

    static let suppressEmpty = HelpText("The list is empty.", uz: "Roʻyxat boʻsh.", ru: "Список пуст.")
    static let suppressScope = HelpText("Scope", uz: "Doira", ru: "Область")
    static let suppressSince = HelpText("Since", uz: "Qachondan", ru: "С какого дня")
    static let suppressWhy = HelpText("Reason", uz: "Sabab", ru: "Причина")
}
