import EskizPages

/// What is said around every page, and by the one that signs in.
///
/// English, Oʻzbekcha in the Latin alphabet (oʻ and gʻ with U+02BB, the sign of separation U+02BC), Russian.
enum FramePhrase: String, PagePhrase {
    case gateway, skip, navigation, overview, messages, audit, settings, language, theme
    case themeAuto, themeLight, themeDark, live, liveLost, livePaused, liveOff, liveLabel
    case copy, copied, done, failed, cancel, currency, back
    case signIn, signInTitle, signInHint, signInKey, signInNote, signOut, signedInAs, readOnly
    case wrongKey, keyWithoutRead, tooManyTries, foreignForm, mayNotAct, formExpired
    case notFound, notFoundHint, notAllowed, cannotRead, cannotReadHint, faultTitle, faultHint

    var words: Words {
        switch self {
        case .gateway: Words("gateway", "shlyuz", "шлюз")
        case .skip: Words("Skip to the content", "Asosiy qismga oʻtish", "К содержанию")
        case .navigation: Words("Pages", "Sahifalar", "Страницы")
        case .overview: Words("Overview", "Umumiy", "Обзор")
        case .messages: Words("Messages", "Xabarlar", "Сообщения")
        case .audit: Words("Audit", "Jurnal", "Журнал")
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
        case .copy: Words("Copy", "Nusxalash", "Копировать")
        case .copied: Words("Copied", "Nusxa olindi", "Скопировано")
        case .done: Words("Done", "Bajarildi", "Готово")
        case .failed: Words("That did not work", "Bajarib boʻlmadi", "Не получилось")
        case .cancel: Words("Cancel", "Bekor qilish", "Отмена")
        case .currency: Words("soʻm", "soʻm", "сум")
        case .back: Words("Back", "Orqaga", "Назад")
        case .signIn: Words("Sign in", "Kirish", "Войти")
        case .signInTitle: Words("Sign in to the gateway", "Shlyuzga kirish", "Вход в шлюз")
        case .signInHint:
            Words(
                "With an API key that may read or do everything.",
                "Oʻqish yoki hamma narsaga ruxsati bor API kaliti bilan.",
                "С ключом API, которому можно читать или всё."
            )
        case .signInKey: Words("API key", "API kaliti", "Ключ API")
        case .signInNote:
            Words(
                "The first start put one into the file api-key of the state directory; this makes another:",
                "Birinchi ishga tushishda u holat papkasidagi api-key fayliga yozilgan; yana biri shunday olinadi:",
                "При первом запуске он записан в файл api-key каталога состояния; ещё один делается так:"
            )
        case .signOut: Words("Sign out", "Chiqish", "Выйти")
        case .signedInAs: Words("Key: {name}", "Kalit: {name}", "Ключ: {name}")
        case .readOnly: Words("reads only", "faqat oʻqiydi", "только чтение")
        case .wrongKey:
            Words(
                "This key is not accepted.",
                "Bu kalit qabul qilinmaydi.",
                "Этот ключ не принимается."
            )
        case .keyWithoutRead:
            Words(
                "This key may send, but not look. Take one with the scope read or admin.",
                "Bu kalit yubora oladi, lekin koʻra olmaydi. read yoki admin ruxsatli kalit kerak.",
                "Этот ключ может отправлять, но не смотреть. Нужен ключ с правом read или admin."
            )
        case .tooManyTries:
            Words(
                "Too many wrong keys. Try again in {time}.",
                "Notoʻgʻri kalitlar juda koʻp. {time} dan keyin urinib koʻring.",
                "Слишком много неверных ключей. Попробуйте через {time}."
            )
        case .foreignForm:
            Words(
                "This form was not sent from this page. Nothing was done. Behind a proxy: it has to pass the header Host on as it came (nginx: proxy_set_header Host $http_host).",
                "Bu shakl shu sahifadan yuborilmagan. Hech narsa qilinmadi. Proksi ortida: u Host sarlavhasini oʻzgartirmay oʻtkazishi kerak (nginx: proxy_set_header Host $http_host).",
                "Форма отправлена не с этой страницы. Ничего не сделано. За прокси: он должен передавать заголовок Host без изменений (nginx: proxy_set_header Host $http_host)."
            )
        case .mayNotAct:
            Words(
                "Your key may only read. Sign in with one that has the scope admin.",
                "Kalitingiz faqat oʻqiy oladi. admin ruxsatli kalit bilan kiring.",
                "Вашему ключу можно только читать. Войдите с ключом, у которого есть право admin."
            )
        case .formExpired:
            Words(
                "The form was too old. Nothing was done; try again.",
                "Shakl eskirgan. Hech narsa qilinmadi; qayta urining.",
                "Форма устарела. Ничего не сделано; попробуйте ещё раз."
            )
        case .notFound: Words("There is nothing here", "Bu yerda hech narsa yoʻq", "Здесь ничего нет")
        case .notFoundHint:
            Words(
                "It is older than what is kept, or never existed.",
                "U saqlash muddatidan eski yoki umuman boʻlmagan.",
                "Это старше, чем хранится, или никогда не существовало."
            )
        case .notAllowed: Words("Not with this key", "Bu kalit bilan emas", "Не с этим ключом")
        case .cannotRead:
            Words("This cannot be read just now", "Hozir oʻqib boʻlmaydi", "Сейчас это не прочитать")
        case .cannotReadHint:
            Words(
                "The database does not answer as it should. The log says why; nothing that was accepted is lost.",
                "Maʼlumotlar bazasi javob bermayapti. Sababi jurnalda; qabul qilingan hech narsa yoʻqolmaydi.",
                "База данных не отвечает как должна. Причина в логе; принятое не потеряно."
            )
        case .faultTitle: Words("A fault of the gateway", "Shlyuz nosozligi", "Неисправность шлюза")
        case .faultHint:
            Words(
                "The log says more about request {id}.",
                "{id} soʻrovi haqida jurnalda yozilgan.",
                "Подробнее о запросе {id} — в логе."
            )
        }
    }
}
