/// What is said about a command line that cannot be run.
extension HelpText {
    static let forbiddenFlag = HelpText(
        "{flag} does not exist: secrets on a command line can be read by everybody on the machine. "
            + "Set {setting}, or {file} with the path of a file.",
        uz: "{flag} yoʻq: buyruq qatoridagi maxfiy maʼlumotni shu kompyuterdagi hamma oʻqiy oladi. "
            + "{setting} ni yoki {file} ga fayl yoʻlini kiriting.",
        ru: "{flag} нет: секреты в командной строке может прочитать любой на этой машине. "
            + "Задайте {setting} или укажите в {file} путь к файлу."
    )

    static let unreadableArgument = HelpText(
        "Argument {number} is not UTF-8, so nobody knows what it says. Convert it, for example with iconv, or give the "
            + "text on stdin: iconv -f windows-1251 -t utf-8 text.txt | eskiz send PHONE -",
        uz: "{number}-argument UTF-8 emas, shuning uchun unda nima yozilgani nomaʼlum. Uni, masalan, iconv bilan "
            + "oʻgiring yoki matnni stdin orqali bering: iconv -f windows-1251 -t utf-8 text.txt | eskiz send PHONE -",
        ru: "Аргумент {number} не в UTF-8, поэтому неизвестно, что в нём написано. Перекодируйте его, например через "
            + "iconv, или подайте текст через stdin: iconv -f windows-1251 -t utf-8 text.txt | eskiz send PHONE -"
    )

    static let textIsAnOption = HelpText(
        "{option} stands where the text belongs, so nothing was sent. If it is the text, put -- before it: "
            + "eskiz {verb} PHONE -- {option}. For help: eskiz {verb} --help",
        uz: "{option} matn oʻrnida turibdi, shuning uchun hech narsa yuborilmadi. Agar bu matn boʻlsa, oldiga -- "
            + "qoʻying: eskiz {verb} PHONE -- {option}. Yordam: eskiz {verb} --help",
        ru: "{option} стоит на месте текста, поэтому ничего не отправлено. Если это текст, поставьте перед ним --: "
            + "eskiz {verb} PHONE -- {option}. Справка: eskiz {verb} --help"
    )

    static let wrongMessageID = HelpText(
        "That is not the id of a message.",
        uz: "Bu xabar IDʼsi emas.",
        ru: "Это не ID сообщения."
    )

    static let wrongKeyName = HelpText(
        "A key's name has 1 to 64 visible characters.",
        uz: "Kalit nomi 1 tadan 64 tagacha koʻrinadigan belgidan iborat.",
        ru: "Имя ключа — от 1 до 64 видимых символов."
    )

    static let wrongYear = HelpText(
        "--year {year} is not a year of Eskiz.",
        uz: "--year {year}: Eskizda bunday yil yoʻq.",
        ru: "--year {year}: такого года у Eskiz нет."
    )

    static let wrongMonth = HelpText(
        "--month must be 1 to 12.",
        uz: "--month 1 dan 12 gacha boʻlishi kerak.",
        ru: "--month должен быть от 1 до 12."
    )
}
