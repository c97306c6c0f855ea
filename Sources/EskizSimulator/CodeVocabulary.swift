/// The words around a number that say what it is, in Uzbek (both scripts), Russian and English.
enum CodeVocabulary {
    /// True where a word announces a one-time code.
    static func announces(_ words: [CodeWord], at index: Int) -> Bool {
        let word = words[index].folded
        // A code of a promotion, a country, a post office or a currency is not the one that is looked for.
        if index > 0, otherCodes.contains(where: { words[index - 1].folded.hasPrefix($0) }) { return false }
        return stems.contains { stem, endings in
            guard word.hasPrefix(stem) else { return false }
            return endings.contains(String(word.dropFirst(stem.count)))
        }
    }

    /// True where what stands around a number says that it is a date, a sum, a phone, an order or an amount.
    static func isSomethingElse(_ words: [CodeWord], _ range: Range<Int>) -> Bool {
        let (first, last) = (words[range.lowerBound], words[range.upperBound - 1])
        let before = range.lowerBound > 0 ? words[range.lowerBound - 1] : nil
        let after = range.upperBound < words.count ? words[range.upperBound] : nil
        // +998…, № 150000, #77, *4821 of a card, $100.
        if let mark = first.gap.last, "+№#*$€₽£~@/".contains(mark) { return true }
        if let mark = last.tail.first, "%$€₽£/*".contains(mark) { return true }
        // Parts of 2026-03-02, 01.11.2026, 12:30, 1.250.000, 12,50 and of a longer number.
        if let before, before.isNumber, joins(first.gap) { return true }
        if let after, after.isNumber, joins(after.gap) { return true }
        // 150 000 so'm: groups of a sum.
        if let after, after.isNumber, after.gap == " ", after.text.count == 3, last.text.count <= 3 { return true }
        if let before, before.isNumber, first.gap == " ", first.text.count == 3, before.text.count <= 3 { return true }
        if let after, !last.endsSentence, last.tail.allSatisfy({ $0 == " " || $0 == "-" }),
            unitsAfter.contains(after.folded)
        {
            return true
        }
        return isNamedBefore(words, range.lowerBound)
    }

    private static func joins(_ gap: String) -> Bool { gap.count == 1 && ".,:/-".contains(gap) }

    /// `Buyurtma 150000`, `Заказ № 150000`, `Summa: 45000`, `buyurtma raqami 150000`.
    private static func isNamedBefore(_ words: [CodeWord], _ index: Int) -> Bool {
        var place = index - 1
        guard place >= 0, !words[place].endsSentence else { return false }
        if numberWords.contains(words[place].folded) {
            // Whose number? Of nothing that is named: then it may be the code's.
            place -= 1
            guard place >= 0, !words[place].endsSentence else { return false }
        }
        let word = words[place].folded
        return namesBefore.contains { word.hasPrefix($0) }
    }

    private static let uzbekEndings = [
        "", "i", "im", "ingiz", "imiz", "ni", "ini", "ingizni", "ingizdan", "dan", "lar", "lari", "ga", "ingizga",
        "idir",
        "ingizdir", "ing",
    ]
    private static let cyrillicEndings = [
        "", "а", "у", "ом", "е", "ы", "и", "ингиз", "ни", "ини", "ингизни", "дан", "лар", "лари", "га", "им", "инг",
        "ь", "я", "ю", "ем", "ём",
    ]

    private static let stems: [(stem: String, endings: [String])] = [
        ("kod", uzbekEndings), ("pinkod", uzbekEndings), ("parol", uzbekEndings), ("pin", uzbekEndings),
        ("код", cyrillicEndings), ("пинкод", cyrillicEndings), ("парол", cyrillicEndings), ("пин", cyrillicEndings),
        ("code", ["", "s"]), ("passcode", [""]), ("password", [""]), ("otp", [""]), ("pincode", [""]),
    ]

    private static let otherCodes = [
        "promo", "промо", "chegirma", "скидоч", "pochta", "почтов", "davlat", "shtrix", "штрих", "zip", "country", "qr",
    ]

    /// Words of which `raqami`, `номер` and the like may be said.
    private static let numberWords: Set<String> = [
        "raqami", "raqam", "raqamli", "nomeri", "no", "номер", "номером", "рақами", "number", "id", "n", "nomer",
    ]

    private static let namesBefore = [
        "buyurtma", "order", "заказ", "zakaz", "буюртма", "shartnoma", "dogovor", "договор", "шартнома", "chek", "чек",
        "invoice", "счет", "счёт", "hisob", "ariza", "заявк", "ариза", "karta", "карт", "card", "summa", "сумм", "narx",
        "нарх", "цен", "price", "jami", "жами", "итого", "total", "balans", "баланс", "balance", "to'lov", "тўлов",
        "оплат", "telefon", "телефон", "phone", "tel", "тел", "yil", "promokod", "промокод", "promo", "kupon", "купон",
        "reys", "рейс", "flight", "talon", "талон", "bilet", "билет", "qarz", "долг",
    ]

    private static let unitsAfter: Set<String> = [
        "so'm", "som", "sum", "so'mlik", "so'mga", "so'mdan", "сум", "сўм", "сума", "сумов", "сом", "uzs", "usd", "eur",
        "rub", "руб", "рублей", "dollar", "долл", "ming", "минг", "тыс", "тысяч", "mln", "млн", "million",
        "daqiqa", "daqiqada", "daqiqadan", "daqiqagacha", "min", "minut", "minutes", "мин", "минут", "минуты", "минуту",
        "дақиқа", "sekund", "soniya", "секунд", "сек", "сония", "seconds", "sec", "soat", "соат", "час", "часа",
        "часов",
        "hours", "hour", "kun", "kunlik", "кун", "дней", "дня", "день", "days", "oy", "ой", "мес", "месяц", "yil",
        "yilda", "yilgi", "yildan", "yilgacha", "йил", "йилда", "йилги", "год", "года", "году", "годом", "годов", "г",
        "kg", "кг", "gb",
        "гб", "mb", "мб", "ta", "та", "dona", "дона", "шт", "штук", "foiz", "фоиз", "процент", "процентов", "ball",
        "балл", "баллов", "балла", "points", "km", "км", "metr", "raqamiga", "raqamidan", "номеру",
    ]
}
