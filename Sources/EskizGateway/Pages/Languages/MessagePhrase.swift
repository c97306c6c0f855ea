import EskizPages

/// What the list of messages and the page of one say.
enum MessagePhrase: String, PagePhrase {
    case stateScheduled, stateQueued, stateSending, stateUnknown, stateSubmitted
    case stateDelivered, stateUndelivered, stateFailed, stateExpired, stateCancelled
    case allStates, anyLane, messageSearch, messageSearchHint, moreFilters, applyFilter, clearFilter
    case referenceField, errorField, onlyUnsettled, onlyDeadWebhooks, filterUnreadable
    case noMessages, noMessagesHint, noMatches, noMatchesHint, older, newest, lookFurther, lookFurtherHint
    case allOfThese, message, recipient, unmask, unmaskHint, timelineTitle, whatPeopleDid, wholeAudit
    case factState, factLane, factSender, factReference, factSegments, factPrice, factProviderID, factKey, factOrigin
    case factClientID, factBatch, factAttempts, factAccepted, factDue, factExpires, factSubmitted, factFinal
    case originAPI, originEskiz, lastError, textNeverShown

    var words: Words {
        switch self {
        case .stateScheduled: Words("scheduled", "rejalashtirilgan", "запланировано")
        case .stateQueued: Words("queued", "navbatda", "в очереди")
        case .stateSending: Words("sending", "yuborilmoqda", "отправляется")
        case .stateUnknown: Words("unknown", "nomaʼlum", "неизвестно")
        case .stateSubmitted: Words("submitted", "topshirilgan", "передано")
        case .stateDelivered: Words("delivered", "yetkazilgan", "доставлено")
        case .stateUndelivered: Words("undelivered", "yetkazilmagan", "не доставлено")
        case .stateFailed: Words("failed", "rad etilgan", "отклонено")
        case .stateExpired: Words("expired", "muddati oʻtgan", "просрочено")
        case .stateCancelled: Words("cancelled", "bekor qilingan", "отменено")
        case .allStates: Words("All", "Hammasi", "Все")
        case .anyLane: Words("Every lane", "Barcha yoʻlaklar", "Все полосы")
        case .messageSearch: Words("Search messages", "Xabarlarni qidirish", "Поиск сообщений")
        case .messageSearchHint:
            Words(
                "Phone, number, Eskiz’s id or reference",
                "Telefon, raqam, Eskiz id yoki izoh",
                "Телефон, номер, номер Eskiz или метка"
            )
        case .moreFilters: Words("More filters", "Yana filtrlar", "Ещё фильтры")
        case .applyFilter: Words("Show", "Koʻrsatish", "Показать")
        case .clearFilter: Words("Clear the filter", "Filtrni tozalash", "Сбросить фильтр")
        case .referenceField: Words("Reference", "Izoh", "Метка")
        case .errorField: Words("Error code", "Xato kodi", "Код ошибки")
        case .onlyUnsettled: Words("Outcome not settled", "Natijasi aniqlanmagan", "Исход не выяснен")
        case .onlyDeadWebhooks: Words("Webhook given up", "Webhook yetib bormagan", "Вебхук не доставлен")
        case .filterUnreadable:
            Words(
                "This address has a filter that cannot be read: {names}. Nothing is listed.",
                "Manzilda oʻqib boʻlmaydigan filtr bor: {names}. Hech narsa koʻrsatilmaydi.",
                "В адресе есть фильтр, который не прочитать: {names}. Ничего не показано."
            )
        case .noMessages: Words("No messages yet", "Hali xabar yoʻq", "Сообщений пока нет")
        case .noMessagesHint:
            Words(
                "Whatever is accepted appears here by itself.",
                "Qabul qilingan har bir xabar shu yerda oʻzi paydo boʻladi.",
                "Всё, что будет принято, появится здесь само."
            )
        case .noMatches: Words("Nothing matches", "Mos keladigani yoʻq", "Ничего не подходит")
        case .noMatchesHint:
            Words(
                "No message that is kept matches this filter.",
                "Saqlanayotgan xabarlarning birortasi bu filtrga mos kelmaydi.",
                "Ни одно из хранимых сообщений не подходит под этот фильтр."
            )
        case .older: Words("Older", "Eskiroqlari", "Старше")
        case .newest: Words("Newest", "Eng yangilari", "Самые новые")
        case .lookFurther: Words("Look further", "Yana qidirish", "Искать дальше")
        case .lookFurtherHint:
            Words(
                "The newest 100,000 have been looked through.",
                "Eng yangi 100 000 xabar koʻrib chiqildi.",
                "Просмотрены самые новые 100 000."
            )
        case .allOfThese: Words("All of these…", "Bularning barchasi…", "Все эти…")
        case .message: Words("Message", "Xabar", "Сообщение")
        case .recipient: Words("To", "Kimga", "Кому")
        case .unmask: Words("Show the number", "Raqamni koʻrsatish", "Показать номер")
        case .unmaskHint:
            Words("This is written down in the audit.", "Bu jurnalga yoziladi.", "Это записывается в журнал.")
        case .timelineTitle: Words("What happened", "Nima boʻldi", "Что произошло")
        case .whatPeopleDid: Words("What people did", "Kim nima qildi", "Кто что делал")
        case .wholeAudit: Words("In the audit", "Jurnalda", "В журнале")
        case .factState: Words("Detail", "Tafsilot", "Подробность")
        case .factLane: Words("Lane", "Yoʻlak", "Полоса")
        case .factSender: Words("From", "Kimdan", "От кого")
        case .factReference: Words("Reference", "Izoh", "Метка")
        case .factSegments: Words("Segments", "Boʻlaklar", "Части")
        case .factPrice: Words("Price, soʻm", "Narxi, soʻm", "Цена, сум")
        case .factProviderID: Words("Eskiz’s id", "Eskiz id", "Номер Eskiz")
        case .factKey: Words("API key", "API kaliti", "Ключ API")
        case .factOrigin: Words("Came by", "Qayerdan keldi", "Откуда пришло")
        case .factClientID: Words("Client’s number", "Mijozdagi raqami", "Номер у клиента")
        case .factBatch: Words("Batch", "Toʻplam", "Пакет")
        case .factAttempts: Words("Attempts", "Urinishlar", "Попытки")
        case .factAccepted: Words("Accepted", "Qabul qilingan", "Принято")
        case .factDue: Words("Due", "Yuborish vaqti", "Срок отправки")
        case .factExpires: Words("Send by", "Yuborish muddati", "Отправить до")
        case .factSubmitted: Words("Submitted", "Topshirilgan", "Передано")
        case .factFinal: Words("Over", "Yakunlangan", "Завершено")
        case .originAPI: Words("the gateway’s API", "shlyuz API", "API шлюза")
        case .originEskiz: Words("Eskiz’s API", "Eskiz API", "по API Eskiz")
        case .lastError: Words("Last error", "Oxirgi xato", "Последняя ошибка")
        case .textNeverShown:
            Words(
                "Texts are never shown on these pages.",
                "Matnlar bu sahifalarda hech qachon koʻrsatilmaydi.",
                "Тексты на этих страницах не показываются никогда."
            )
        }
    }
}
