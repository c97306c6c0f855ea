import EskizText

extension Language {
    /// Why a text cannot be sent, and what to do about it.
    func explain(_ error: MessageTextError) -> (what: String, remedy: String) {
        let (what, remedy) = Self.phrases(of: error)
        var values: [String: String] = [:]
        switch error {
        case .blank: break
        case .controlCharacter(let scalar, let offset):
            let digits = String(scalar.value, radix: 16, uppercase: true)
            values["character"] = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            values["place"] = "\(offset + 1)"
        case .lostCharacter(let offset): values["place"] = "\(offset + 1)"
        case .tooManySegments(let count, let allowed):
            values["segments"] = self.count(count, .segment)
            values["count"] = "\(count)"
            values["allowed"] = "\(allowed)"
        }
        return (Self.fill(what.text(in: self), values), Self.fill(remedy.text(in: self), values))
    }

    private static func phrases(of error: MessageTextError) -> (what: HelpText, remedy: HelpText) {
        switch error {
        case .blank:
            (
                HelpText(
                    "The text is empty: nothing in it shows.",
                    uz: "Matn boʻsh: unda hech narsa koʻrinmaydi.",
                    ru: "Текст пуст: в нём ничего не видно."
                ),
                HelpText("Write something to send.", uz: "Biror narsa yozing.", ru: "Напишите, что отправить.")
            )
        case .controlCharacter:
            (
                HelpText(
                    "Character {place} of the text ({character}) is a control character, which no message can hold.",
                    uz: "Matnning {place}-belgisi ({character}) boshqaruv belgisi, xabarda bunday belgi boʻlmaydi.",
                    ru: "Символ {place} текста ({character}) — управляющий, в сообщении таких не бывает."
                ),
                HelpText(
                    "Leave it out; tab and line breaks are allowed.",
                    uz: "Uni olib tashlang; tabulyatsiya va qator oxiri mumkin.",
                    ru: "Уберите его; табуляция и переводы строк разрешены."
                )
            )
        case .lostCharacter:
            (
                HelpText(
                    "Character {place} of the text (U+FFFD) stands for bytes that were not UTF-8.",
                    uz: "Matnning {place}-belgisi (U+FFFD) UTF-8 boʻlmagan baytlar oʻrnida turibdi.",
                    ru: "Символ {place} текста (U+FFFD) стоит на месте байтов, которые не были UTF-8."
                ),
                HelpText(
                    "Convert the text to UTF-8 where it comes from, for example with iconv.",
                    uz: "Matnni kelgan joyida UTF-8 ga oʻgiring, masalan, iconv bilan.",
                    ru: "Перекодируйте текст в UTF-8 там, откуда он пришёл, например через iconv."
                )
            )
        case .tooManySegments:
            (
                HelpText(
                    "The text would be {segments} and cost as much as {count} messages; {allowed} are allowed.",
                    uz: "Matn {segments} boʻlib, {count} ta xabar narxida turardi; {allowed} tagacha mumkin.",
                    ru: "Вышло бы {segments} по цене {count} сообщений; разрешено не больше {allowed}."
                ),
                HelpText(
                    "Shorten it, or raise ESKIZ_MAX_SEGMENTS.",
                    uz: "Qisqartiring yoki ESKIZ_MAX_SEGMENTS ni oshiring.",
                    ru: "Сократите его или увеличьте ESKIZ_MAX_SEGMENTS."
                )
            )
        }
    }
}
