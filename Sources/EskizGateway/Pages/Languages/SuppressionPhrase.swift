import EskizPages
import EskizQueue

/// What the page of suppressed phones says.
enum SuppressionPhrase: String, PagePhrase {
    case suppressions, suppressionsHint, suppressionsEmpty, suppressionsEmptyHint, suppressionPhones
    case suppressionPhonesHint, suppressionScope, suppressionAll, suppressionBulk, suppressionReason
    case suppressionAdd, suppressionRemove, suppressionSince, suppressionBy, suppressionFind
    case suppressionAdded, suppressionRemoved, suppressionLines, suppressionTooMany, suppressionReasonWrong

    init(_ scope: Suppression.Scope) {
        switch scope {
        case .all: self = .suppressionAll
        case .bulk: self = .suppressionBulk
        }
    }

    var words: Words {
        switch self {
        case .suppressions: Words("Suppressed phones", "Taqiqlangan raqamlar", "Стоп-лист номеров")
        case .suppressionsHint:
            Words(
                "These get nothing, or no mailings. What waits for them is cancelled when its turn comes.",
                "Ularga hech narsa yoki reklama yuborilmaydi. Kutayotgani navbati kelganda bekor qilinadi.",
                "Им ничего не шлют или не шлют рассылок. Ожидающее отменяется, когда дойдёт очередь."
            )
        case .suppressionsEmpty: Words("Nobody is on the list", "Roʻyxat boʻsh", "Список пуст")
        case .suppressionsEmptyHint:
            Words(
                "Add phones below, by the API, or from a file: eskiz suppress import.",
                "Raqamlarni quyida, API orqali yoki fayldan qoʻshing: eskiz suppress import.",
                "Добавьте номера ниже, по API или из файла: eskiz suppress import."
            )
        case .suppressionPhones: Words("Phones", "Raqamlar", "Номера")
        case .suppressionPhonesHint:
            Words(
                "One a line; all or bulk and a reason may follow, with commas between.",
                "Har satrda bittadan; vergul bilan all yoki bulk va sabab yozish mumkin.",
                "По одному в строке; через запятую можно указать all или bulk и причину."
            )
        case .suppressionScope: Words("Scope", "Doira", "Область")
        case .suppressionAll: Words("everything", "hammasi", "всё")
        case .suppressionBulk: Words("mailings", "reklama", "рассылки")
        case .suppressionReason: Words("Reason", "Sabab", "Причина")
        case .suppressionAdd: Words("Put onto the list", "Roʻyxatga qoʻshish", "Внести в список")
        case .suppressionRemove: Words("Take off", "Chiqarish", "Убрать")
        case .suppressionSince: Words("Since", "Qachondan", "С какого времени")
        case .suppressionBy: Words("By", "Kim", "Кто")
        case .suppressionFind: Words("Find a phone", "Raqamni topish", "Найти номер")
        case .suppressionAdded:
            Words(
                "New: {added}. Changed: {changed}.",
                "Yangi: {added}. Oʻzgargan: {changed}.",
                "Новых: {added}. Изменено: {changed}."
            )
        case .suppressionRemoved: Words("Taken off the list.", "Roʻyxatdan chiqarildi.", "Убрано из списка.")
        case .suppressionLines:
            Words(
                "Nothing was changed: these lines cannot be read: {lines}.",
                "Hech narsa oʻzgarmadi: bu satrlarni oʻqib boʻlmaydi: {lines}.",
                "Ничего не изменено: не читаются строки {lines}."
            )
        case .suppressionTooMany:
            Words(
                "Up to {count} phones at once; for more: eskiz suppress import.",
                "Bir martada {count} tagacha raqam; koʻprogʻi uchun: eskiz suppress import.",
                "До {count} номеров за раз; больше — eskiz suppress import."
            )
        case .suppressionReasonWrong:
            Words(
                "A reason has up to {count} characters.",
                "Sabab {count} belgigacha.",
                "В причине до {count} знаков."
            )
        }
    }
}
