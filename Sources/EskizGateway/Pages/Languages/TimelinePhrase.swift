import EskizPages

/// The steps of a message's life.
enum TimelinePhrase: String, PagePhrase {
    case timeAccepted, timePrepared, timeWriting, timeTaken, timeNotTaken, timeAbandoned, timeUnknown, timeReport
    case sourceCallback, sourcePoll, sourceList, sourceOperator, happenedAt
    case webhookPending, webhookDelivered, webhookDead, webhookTries

    var words: Words {
        switch self {
        case .timeAccepted:
            Words("Accepted and on disk", "Qabul qilindi va diskka yozildi", "Принято и записано на диск")
        case .timePrepared: Words("Attempt {number} begins", "{number}-urinish boshlandi", "Попытка {number} началась")
        case .timeWriting:
            Words(
                "Attempt {number} is handed to Eskiz",
                "{number}-urinish Eskizga topshirilmoqda",
                "Попытка {number} передаётся Eskiz"
            )
        case .timeTaken:
            Words("Attempt {number}: Eskiz took it", "{number}-urinish: Eskiz oldi", "Попытка {number}: Eskiz принял")
        case .timeNotTaken:
            Words("Attempt {number}: not taken", "{number}-urinish: olinmadi", "Попытка {number}: не принято")
        case .timeAbandoned:
            Words(
                "Attempt {number}: interrupted before it left",
                "{number}-urinish: chiqmasdan uzildi",
                "Попытка {number}: прервана до отправки"
            )
        case .timeUnknown:
            Words(
                "Attempt {number}: nobody can say",
                "{number}-urinish: hech kim aytolmaydi",
                "Попытка {number}: исход неизвестен"
            )
        case .timeReport: Words("Report: {status}", "Hisobot: {status}", "Отчёт: {status}")
        case .sourceCallback: Words("Eskiz called back", "Eskiz oʻzi xabar berdi", "Eskiz сообщил сам")
        case .sourcePoll: Words("asked of Eskiz", "Eskizdan soʻraldi", "спросили у Eskiz")
        case .sourceList: Words("found in Eskiz’s list", "Eskiz roʻyxatidan topildi", "найдено в списке Eskiz")
        case .sourceOperator: Words("settled by hand", "qoʻlda belgilandi", "решено вручную")
        case .happenedAt: Words("happened {time}", "{time} da boʻlgan", "произошло {time}")
        case .webhookPending:
            Words("Webhook “{state}” is being sent", "“{state}” webhooki yuborilmoqda", "Вебхук «{state}» отправляется")
        case .webhookDelivered:
            Words("Webhook “{state}” was heard", "“{state}” webhooki yetib bordi", "Вебхук «{state}» доставлен")
        case .webhookDead:
            Words("Webhook “{state}” was given up", "“{state}” webhooki yetib bormadi", "Вебхук «{state}» не доставлен")
        case .webhookTries: Words("tries: {count}", "urinishlar: {count}", "попыток: {count}")
        }
    }
}
