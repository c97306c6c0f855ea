import EskizPages

extension Phrase {
    /// The phrase in English, Uzbek and Russian.
    var words: Words {
        switch self {
        // Around every page
        case .simulator: Words("simulator", "simulyator", "симулятор")
        case .skip: Words("Skip to the content", "Asosiy qismga oʻtish", "К содержанию")
        case .navigation: Words("Pages", "Sahifalar", "Страницы")
        case .inbox: Words("Inbox", "Xabarlar", "Сообщения")
        case .calls: Words("Calls", "Soʻrovlar", "Запросы")
        case .controls: Words("Controls", "Boshqaruv", "Управление")
        case .search: Words("Search", "Qidirish", "Поиск")
        case .searchHint: Words("Number, text or code", "Raqam, matn yoki kod", "Номер, текст или код")
        case .settings: Words("Language and theme", "Til va mavzu", "Язык и тема")
        case .language: Words("Language", "Til", "Язык")
        case .theme: Words("Theme", "Mavzu", "Тема")
        case .themeAuto: Words("As the system", "Tizimdagidek", "Как в системе")
        case .themeLight: Words("Light", "Yorugʻ", "Светлая")
        case .themeDark: Words("Dark", "Qorongʻi", "Тёмная")
        case .live: Words("Live", "Jonli", "Онлайн")
        case .liveLost: Words("Connection lost", "Aloqa uzildi", "Связь потеряна")
        case .livePaused: Words("Paused", "Toʻxtatilgan", "Пауза")
        case .liveOff: Words("Reload to update", "Yangilash uchun qayta oching", "Обновите страницу")
        case .liveLabel: Words("Updates", "Yangilanish", "Обновление")
        case .needsScript:
            Words(
                "Buttons need JavaScript; the control API does the same.",
                "Tugmalar uchun JavaScript kerak; boshqaruv API ham shuni qiladi.",
                "Кнопкам нужен JavaScript; то же делает API управления."
            )
        case .copy: Words("Copy", "Nusxalash", "Копировать")
        case .copied: Words("Copied", "Nusxa olindi", "Скопировано")
        case .copyCode: Words("Copy the code {code}", "{code} kodini nusxalash", "Скопировать код {code}")
        case .copyCurl: Words("Copy the command", "Buyruqni nusxalash", "Скопировать команду")
        case .done: Words("Done", "Bajarildi", "Готово")
        case .failed: Words("That did not work", "Bajarib boʻlmadi", "Не получилось")
        case .cancel: Words("Cancel", "Bekor qilish", "Отмена")
        case .currency: Words("soʻm", "soʻm", "сум")
        case .notFound: Words("Not here any more", "Bu yerda endi yoʻq", "Здесь этого уже нет")
        case .notFoundHint:
            Words(
                "It was cleared, pushed out by newer ones, or never existed.",
                "Tozalangan, yangilari siqib chiqargan yoki umuman boʻlmagan.",
                "Удалено, вытеснено более новым или никогда не существовало."
            )
        // Inbox
        case .phones: Words("Phones", "Telefonlar", "Телефоны")
        case .noPhones: Words("No phones yet", "Hozircha telefon yoʻq", "Пока нет телефонов")
        case .nothingFound: Words("Nothing found", "Hech narsa topilmadi", "Ничего не найдено")
        case .nothingFoundFor:
            Words(
                "Nothing matches “{query}”.",
                "“{query}” boʻyicha hech narsa yoʻq.",
                "По запросу «{query}» ничего нет."
            )
        case .conversation: Words("Conversation", "Yozishma", "Переписка")
        case .noMessages: Words("Waiting for the first message", "Birinchi xabar kutilmoqda", "Ждём первое сообщение")
        case .noMessagesHint:
            Words(
                "Point your application at this address. What it sends appears here, on the phone it was meant for.",
                "Ilovangizga shu manzilni bering. U yuborgan xabarlar shu yerda, kerakli telefonda koʻrinadi.",
                "Укажите этот адрес приложению. Всё, что оно отправит, появится здесь, на нужном телефоне."
            )
        case .sendSample: Words("Send a sample code", "Namuna kod yuborish", "Отправить пробный код")
        case .tryCurl: Words("Or from a terminal", "Yoki terminaldan", "Или из терминала")
        case .baseURL: Words("Base URL", "Asosiy manzil", "Базовый адрес")
        case .account: Words("Account", "Hisob", "Аккаунт")
        case .key: Words("Key", "Kalit", "Ключ")
        case .clearInbox: Words("Clear the inbox", "Xabarlarni tozalash", "Очистить сообщения")
        case .clearInboxHint:
            Words(
                "Every message is forgotten. Tokens, switches and calls stay.",
                "Barcha xabarlar oʻchadi. Tokenlar, sozlamalar va soʻrovlar qoladi.",
                "Все сообщения удаляются. Токены, переключатели и запросы остаются."
            )
        case .advertising: Words("advertising", "reklama", "реклама")
        case .smsCount: Words("{count} SMS", "{count} SMS", "{count} SMS")
        case .allPhones: Words("All phones", "Barcha telefonlar", "Все телефоны")
        case .olderLeftOut:
            Words("Only the newest are shown.", "Faqat eng yangilari koʻrsatilgan.", "Показаны только самые новые.")
        // A message
        case .message: Words("Message", "Xabar", "Сообщение")
        case .from: Words("From", "Kimdan", "От кого")
        case .to: Words("To", "Kimga", "Кому")
        case .text: Words("Text", "Matn", "Текст")
        case .timeline: Words("Timeline", "Yoʻli", "Путь")
        case .segments: Words("Segments", "Qismlar", "Сегменты")
        case .encoding: Words("Encoding", "Kodlash", "Кодировка")
        case .price: Words("Price", "Narxi", "Цена")
        case .priceFormula:
            Words("{count} × {each} soʻm", "{count} × {each} soʻm", "{count} × {each} сум")
        case .characters: Words("Characters", "Belgilar", "Символы")
        case .forcing: Words("Costly characters", "Qimmat belgilar", "Дорогие символы")
        case .operatorName: Words("Operator", "Operator", "Оператор")
        case .reference: Words("Your number", "Sizning raqamingiz", "Ваш номер")
        case .dispatch: Words("Dispatch", "Joʻnatma", "Рассылка")
        case .identifier: Words("Identifier", "Identifikator", "Идентификатор")
        case .parts: Words("Parts", "Boʻlaklar", "Части")
        case .reports: Words("Delivery reports", "Yetkazish hisobotlari", "Отчёты о доставке")
        case .noReports:
            Words("No callback address was given.", "Callback manzili berilmagan.", "Адрес для отчётов не указан.")
        case .rawRequest: Words("Raw request", "Xom soʻrov", "Исходный запрос")
        case .rawAnswer: Words("Raw answer", "Xom javob", "Исходный ответ")
        case .curl: Words("The same with curl", "Xuddi shu, curl bilan", "То же через curl")
        case .noLongerKept:
            Words(
                "Only the newest 500 calls are kept word for word.",
                "Faqat eng yangi 500 soʻrov toʻliq saqlanadi.",
                "Дословно хранятся только последние 500 запросов."
            )
        case .bodyWithheld:
            Words(
                "Not shown: it holds a password.",
                "Koʻrsatilmaydi: ichida parol bor.",
                "Не показано: внутри пароль."
            )
        case .bodyCut: Words("{count} more bytes", "yana {count} bayt", "ещё {count} байт")
        case .noAnswer: Words("No answer was given.", "Javob berilmadi.", "Ответа не было.")
        case .answerReset:
            Words("The connection was reset.", "Ulanish uzib tashlandi.", "Соединение сброшено.")
        case .answerTruncated:
            Words("Only half of it was sent.", "Faqat yarmi yuborildi.", "Отправлена только половина.")
        case .emptyBody: Words("No body.", "Tanasi yoʻq.", "Тело пустое.")
        case .stepTaken: Words("Taken", "Qabul qilindi", "Принято")
        case .stepStored: Words("Stored", "Saqlandi", "Сохранено")
        case .stepAccepted: Words("With the operator", "Operatorda", "У оператора")
        case .stepFinal: Words("Final state", "Yakuniy holat", "Итог")
        case .stateWaiting: Words("waiting", "navbatda", "ожидает")
        case .stateStored: Words("stored", "saqlandi", "сохранено")
        case .stateAccepted: Words("with the operator", "operatorda", "у оператора")
        case .stateDelivered: Words("delivered", "yetkazildi", "доставлено")
        case .statePartly: Words("partly delivered", "qisman yetkazildi", "доставлено частично")
        case .stateUndelivered: Words("not delivered", "yetkazilmadi", "не доставлено")
        case .stateExpired: Words("expired", "muddati oʻtdi", "истёк срок")
        case .stateRejected: Words("rejected", "rad etildi", "отклонено")
        case .stateDeleted: Words("deleted", "oʻchirildi", "удалено")
        case .stateUnknown: Words("unknown", "nomaʼlum", "неизвестно")
        // Calls
        case .noCalls: Words("No calls yet", "Hozircha soʻrov yoʻq", "Запросов пока нет")
        case .noCallsHint:
            Words(
                "Every call of the provider’s API is written down here, newest first.",
                "Provayder API’siga har bir soʻrov shu yerda yoziladi, yangisi tepada.",
                "Здесь записывается каждый запрос к API провайдера, новые сверху."
            )
        case .filter: Words("Show", "Koʻrsatish", "Показать")
        case .filterAll: Words("All", "Hammasi", "Все")
        case .filterCredentials: Words("Tokens", "Tokenlar", "Токены")
        case .filterSends: Words("Sends", "Yuborishlar", "Отправки")
        case .filterRefused: Words("Refused", "Rad etilgan", "Отказы")
        case .callNumber: Words("Call {number}", "{number}-soʻrov", "Запрос {number}")
        case .time: Words("Time", "Vaqti", "Время")
        case .token: Words("Token", "Token", "Токен")
        case .generation: Words("token {number}", "{number}-token", "токен {number}")
        case .fault: Words("Fault", "Nosozlik", "Сбой")
        case .note: Words("Note", "Izoh", "Примечание")
        case .status: Words("Status", "Status", "Статус")
        case .renewalHealed:
            Words(
                "Refused, renewed, sent again",
                "Rad etildi, yangilandi, qayta yuborildi",
                "Отказ, обновление, повтор"
            )
        case .renewalOpen:
            Words(
                "Refused, renewed, not sent again yet",
                "Rad etildi, yangilandi, hali qaytarilmadi",
                "Отказ, обновление, повтора ещё нет"
            )
        case .partOfRenewal: Words("Part of a renewal", "Yangilashning bir qismi", "Часть обновления токена")
        case .times: Words("× {count}", "× {count}", "× {count}")
        case .sentMessages: Words("Messages of this call", "Bu soʻrovdagi xabarlar", "Сообщения этого запроса")
        case .whatLogin: Words("login", "kirish", "вход")
        case .whatRefresh: Words("refresh", "yangilash", "обновление")
        case .whatInvalidate: Words("invalidate", "bekor qilish", "отзыв токена")
        case .whatSend: Words("send", "yuborish", "отправка")
        case .whatReadMessages: Words("read messages", "xabarlarni oʻqish", "чтение сообщений")
        case .whatReadAccount: Words("read account", "hisobni oʻqish", "чтение аккаунта")
        case .whatTemplates: Words("templates", "shablonlar", "шаблоны")
        case .whatCheckText: Words("check text", "matnni tekshirish", "проверка текста")
        case .whatReport: Words("report", "hisobot", "отчёт")
        case .whatGeneration1: Words("generation 1", "1-avlod", "первое поколение")
        case .whatUnknown: Words("unknown route", "nomaʼlum manzil", "неизвестный путь")
        case .whatCallback: Words("report {status}", "hisobot {status}", "отчёт {status}")
        case .noteNoToken: Words("no token", "token yoʻq", "нет токена")
        case .noteForeign: Words("not a token of ours", "bizning token emas", "не наш токен")
        case .noteExpired: Words("token expired", "token muddati tugagan", "токен истёк")
        case .noteRevoked: Words("token revoked", "token bekor qilingan", "токен отозван")
        case .noteLag:
            Words(
                "token not known to this replica yet",
                "bu replika tokenni hali bilmaydi",
                "реплика ещё не знает токен"
            )
        case .noteIssued: Words("issued token {number}", "{number}-token berildi", "выдан токен {number}")
        case .noteWrongKey: Words("wrong key", "kalit notoʻgʻri", "неверный ключ")
        case .noteNoMoney:
            Words("no balance: never delivered", "mablagʻ yoʻq: yetkazilmaydi", "нет средств: не будет доставлено")
        case .countLogins: Words("logins", "kirish", "входы")
        case .countRefreshes: Words("refreshes", "yangilash", "обновления")
        case .countRefused: Words("refused credentials", "rad etilgan kirish", "отказы во входе")
        case .countSent: Words("messages taken", "qabul qilingan xabar", "принято сообщений")
        case .countSendsRefused: Words("sends refused", "rad etilgan xabar", "отказы в отправке")
        case .countTokens: Words("tokens issued", "berilgan token", "выдано токенов")
        case .countCallbacks: Words("reports posted", "yuborilgan hisobot", "отправлено отчётов")
        // Controls
        case .quickControls: Words("At hand", "Qoʻl ostida", "Под рукой")
        case .allControls: Words("All controls", "Barcha boshqaruv", "Всё управление")
        case .tokens: Words("Tokens", "Tokenlar", "Токены")
        case .expireTokens: Words("Expire tokens now", "Tokenlar muddatini tugatish", "Погасить токены сейчас")
        case .expireTokensHint:
            Words(
                "Every token issued so far is dead; the next call gets 401.",
                "Berilgan barcha tokenlar yaroqsiz boʻladi; keyingi soʻrov 401 oladi.",
                "Все выданные токены мертвы; следующий запрос получит 401."
            )
        case .issueToken: Words("Issue a token", "Token berish", "Выдать токен")
        case .lifetime:
            Words("Lives for (30d, 10s, -1h)", "Umri (30d, 10s, -1h)", "Срок жизни (30d, 10s, -1h)")
        case .issue: Words("Issue", "Berish", "Выдать")
        case .nextSend: Words("Next send", "Keyingi yuborish", "Следующая отправка")
        case .nextSendHint:
            Words(
                "Fails once, in the way you choose.",
                "Bir marta, siz tanlagandek xato beradi.",
                "Один раз не удаётся, выбранным образом."
            )
        case .arm: Words("Fail once", "Bir marta buzish", "Сбой один раз")
        case .storm: Words("401 storm", "401 boʻroni", "Шторм 401")
        case .stormHint:
            Words(
                "At the next call every token dies, in the middle of the traffic.",
                "Keyingi soʻrovda barcha tokenlar birdan yaroqsiz boʻladi.",
                "При следующем запросе умирают все токены, посреди работы."
            )
        case .provider: Words("Provider", "Provayder", "Провайдер")
        case .providerHint:
            Words(
                "Every call fails until you bring it back.",
                "Qayta yoqquningizcha hamma soʻrov xato beradi.",
                "Все запросы не удаются, пока не включите снова."
            )
        case .providerUp: Words("Up", "Ishlayapti", "Работает")
        case .providerDown: Words("Down", "Ishlamayapti", "Не работает")
        case .takeDown: Words("Take down", "Oʻchirish", "Отключить")
        case .bringBack: Words("Bring back", "Qayta yoqish", "Включить снова")
        case .delay: Words("Answers take", "Javob vaqti", "Время ответа")
        case .delayHint:
            Words("Every call waits this long.", "Har bir soʻrov shuncha kutadi.", "Столько ждёт каждый запрос.")
        case .delayNone: Words("no time", "kechikishsiz", "без задержки")
        case .delaySends: Words("sends only: {time}", "faqat yuborish: {time}", "только отправка: {time}")
        case .delivery: Words("Messages end as", "Xabarlar yakuni", "Чем кончаются сообщения")
        case .deliveryHint:
            Words(
                "From the next message on.",
                "Keyingi xabardan boshlab.",
                "Начиная со следующего сообщения."
            )
        case .apply: Words("Apply", "Qoʻllash", "Применить")
        case .faults: Words("Faults", "Nosozliklar", "Сбои")
        case .noFaults: Words("Nothing is broken.", "Hech narsa buzilmagan.", "Ничего не сломано.")
        case .route: Words("Route", "Manzil", "Путь")
        case .method: Words("Method", "Metod", "Метод")
        case .outcome: Words("Outcome", "Natija", "Исход")
        case .outcomeHint:
            Words(
                "A status, a name, or JSON: {\"status\": 429, \"delay\": \"2s\"}",
                "Status, nom yoki JSON: {\"status\": 429, \"delay\": \"2s\"}",
                "Статус, имя или JSON: {\"status\": 429, \"delay\": \"2s\"}"
            )
        case .repetitions: Words("Times", "Necha marta", "Сколько раз")
        case .after: Words("After", "Nechtadan keyin", "После скольких")
        case .probability: Words("Probability 0…1", "Ehtimol 0…1", "Вероятность 0…1")
        case .add: Words("Add", "Qoʻshish", "Добавить")
        case .remove: Words("Remove", "Olib tashlash", "Убрать")
        case .clearFaults: Words("Remove all", "Hammasini olib tashlash", "Убрать все")
        case .faultHits: Words("hit {count}", "{count} marta", "сработал: {count}")
        case .faultResetBefore:
            Words("connection reset, not taken", "ulanish uzildi, olinmadi", "сброс соединения, не принято")
        case .faultResetAfter:
            Words("connection reset, but taken", "ulanish uzildi, lekin olindi", "сброс соединения, но принято")
        case .faultSilence: Words("no answer, not taken", "javob yoʻq, olinmadi", "молчание, не принято")
        case .faultSilenceAfter: Words("no answer, but taken", "javob yoʻq, lekin olindi", "молчание, но принято")
        case .faultGarbage: Words("garbage, but taken", "axlat javob, lekin olindi", "мусор в ответе, но принято")
        case .faultTruncated:
            Words("half an answer, but taken", "yarim javob, lekin olindi", "половина ответа, но принято")
        case .fault401: Words("401: token refused", "401: token rad etildi", "401: токен отклонён")
        case .fault429: Words("429: too many requests", "429: soʻrovlar koʻp", "429: слишком много запросов")
        case .fault500: Words("500: server error", "500: server xatosi", "500: ошибка сервера")
        case .fault502: Words("502: bad gateway", "502: proksi xatosi", "502: ошибка прокси")
        case .fault503: Words("503: unavailable", "503: xizmat yoʻq", "503: недоступен")
        case .clock: Words("Clock", "Soat", "Часы")
        case .clockHint:
            Words(
                "Moves the provider’s time forward: tokens expire, deliveries fall due.",
                "Provayder vaqtini oldinga suradi: tokenlar muddati tugaydi, xabarlar yetib boradi.",
                "Двигает время провайдера вперёд: токены истекают, доставки наступают."
            )
        case .advance: Words("Advance", "Oldinga surish", "Перевести вперёд")
        case .clockNow: Words("Now, in Tashkent", "Hozir, Toshkentda", "Сейчас, в Ташкенте")
        case .clockAdvanced: Words("{time} ahead", "{time} oldinda", "впереди на {time}")
        case .templates: Words("Templates", "Shablonlar", "Шаблоны")
        case .noTemplates: Words("Nothing to moderate.", "Tekshiriladigan matn yoʻq.", "Нечего модерировать.")
        case .approveService: Words("Approve, service", "Xizmat deb tasdiqlash", "Одобрить: сервис")
        case .approveAdvertising: Words("Approve, advertising", "Reklama deb tasdiqlash", "Одобрить: реклама")
        case .reject: Words("Reject", "Rad etish", "Отклонить")
        case .switches: Words("Behaviour", "Xulq-atvor", "Поведение")
        case .switchesHint:
            Words(
                "A change takes effect at once. The names are those of the control API.",
                "Oʻzgarish darhol kuchga kiradi. Nomlar boshqaruv API’sidagidek.",
                "Изменение действует сразу. Имена те же, что в API управления."
            )
        case .modesHint:
            Words("For example M2, M10:html", "Masalan M2, M10:html", "Например M2, M10:html")
        case .restoreDefaults: Words("Back to the defaults", "Asliga qaytarish", "Вернуть по умолчанию")
        case .isChanged: Words("changed", "oʻzgartirilgan", "изменено")
        case .groupCredentials: Words("Credentials", "Kirish va tokenlar", "Вход и токены")
        case .groupSending: Words("Sending", "Yuborish", "Отправка")
        case .groupReading: Words("Reading", "Oʻqish", "Чтение")
        case .groupDelivery: Words("Delivery and callbacks", "Yetkazish va hisobotlar", "Доставка и отчёты")
        case .groupNetwork: Words("Network", "Tarmoq", "Сеть")
        case .reset: Words("Reset everything", "Hammasini tozalash", "Сбросить всё")
        case .resetHint:
            Words(
                "As new: messages, tokens, templates, switches, faults, clock and calls.",
                "Yangidek: xabarlar, tokenlar, shablonlar, sozlamalar, nosozliklar, soat va soʻrovlar.",
                "Как новый: сообщения, токены, шаблоны, переключатели, сбои, часы и запросы."
            )
        case .resetConfirm:
            Words("Reset everything?", "Hammasi tozalansinmi?", "Сбросить всё?")
        case .faultBanner: Words("Faults are active", "Nosozliklar yoqilgan", "Включены сбои")
        }
    }
}
