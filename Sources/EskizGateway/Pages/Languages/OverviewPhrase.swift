import EskizPages

/// What the first screen says.
enum OverviewPhrase: String, PagePhrase {
    case queue, laneOTP, laneTransactional, laneBulk, waiting, oldest, nothingWaits, lane

    var words: Words {
        switch self {
        case .queue: Words("Queue", "Navbat", "Очередь")
        case .lane: Words("Lane", "Yoʻlak", "Полоса")
        case .laneOTP: Words("Codes", "Kodlar", "Коды")
        case .laneTransactional: Words("Service", "Xizmat", "Сервис")
        case .laneBulk: Words("Bulk", "Ommaviy", "Массовые")
        case .waiting: Words("Waiting", "Kutmoqda", "Ждут")
        case .oldest: Words("Oldest", "Eng eskisi", "Старшее")
        case .nothingWaits: Words("Nothing waits", "Hech narsa kutmayapti", "Ничего не ждёт")
        }
    }
}
