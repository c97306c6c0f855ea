import EskizPages

/// Who did what.
enum AuditPhrase: String, PagePhrase {
    case auditHint, auditEmpty, auditEmptyHint, auditOfMessage, auditAll, auditWhen, auditWho, auditWhat, auditDetail
    case auditRenewToken, auditCancel, auditResolve, auditReplay, auditUnmask
    case auditCloseGroup, auditWatchGroup, auditBlockPrefix, auditAllowPrefix, auditForgetPrefix
    case auditSuppress, auditUnsuppress
    case auditCancelMany, auditNotSentMany, auditSendManyAgain, auditReplayMany

    var words: Words {
        switch self {
        case .auditHint:
            Words(
                "What people did on these pages, kept for 90 days.",
                "Bu sahifalarda kim nima qilgani, 90 kun saqlanadi.",
                "Кто что делал на этих страницах, хранится 90 дней."
            )
        case .auditEmpty: Words("Nobody has done anything", "Hech kim hech narsa qilmagan", "Никто ничего не делал")
        case .auditEmptyHint:
            Words(
                "Every action on these pages leaves a line here.",
                "Bu sahifalardagi har bir amal shu yerda iz qoldiradi.",
                "Каждое действие на этих страницах оставляет здесь запись."
            )
        case .auditOfMessage: Words("Message {id}", "{id} xabari", "Сообщение {id}")
        case .auditAll: Words("Everything", "Hammasi", "Всё")
        case .auditWhen: Words("When", "Qachon", "Когда")
        case .auditWho: Words("Who", "Kim", "Кто")
        case .auditWhat: Words("What", "Nima", "Что")
        case .auditDetail: Words("Detail", "Tafsilot", "Подробность")
        case .auditRenewToken: Words("renewed the token", "tokenni yangiladi", "обновил токен")
        case .auditCancel: Words("cancelled a message", "xabarni bekor qildi", "отменил сообщение")
        case .auditResolve: Words("settled an outcome", "natijani belgiladi", "решил исход")
        case .auditReplay: Words("sent webhooks again", "webhooklarni qayta yubordi", "послал вебхуки снова")
        case .auditCloseGroup: Words("refuses codes of a group", "guruh kodlarini rad etyapti", "отклоняет коды группы")
        case .auditWatchGroup:
            Words("would refuse codes of a group", "guruh kodlarini rad etgan boʻlardi", "отклонил бы коды группы")
        case .auditBlockPrefix:
            Words("blocked codes to a prefix", "prefiksga kodlarni toʻsdi", "запретил коды на префикс")
        case .auditAllowPrefix:
            Words("let codes to a prefix through", "prefiksga kodlarni oʻtkazdi", "пропустил коды на префикс")
        case .auditForgetPrefix:
            Words("lifted the rule of a prefix", "prefiks qoidasini bekor qildi", "снял правило префикса")
        case .auditSuppress:
            Words("suppressed phones", "raqamlarni taqiq roʻyxatiga qoʻshdi", "внёс номера в стоп-лист")
        case .auditUnsuppress:
            Words("took phones off the list", "raqamlarni taqiq roʻyxatidan chiqardi", "убрал номера из стоп-листа")
        case .auditUnmask: Words("looked at a number", "raqamni koʻrdi", "посмотрел номер")
        case .auditCancelMany: Words("cancelled many messages", "koʻp xabarni bekor qildi", "отменил много сообщений")
        case .auditNotSentMany:
            Words("settled many as not sent", "koʻpini yuborilmagan deb belgiladi", "решил для многих: не отправлено")
        case .auditSendManyAgain:
            Words("sent many again", "koʻpini qayta yubordi", "отправил многие снова")
        case .auditReplayMany:
            Words("sent webhooks of many again", "koʻpining webhooklarini qayta yubordi", "послал вебхуки многих снова")
        }
    }
}
