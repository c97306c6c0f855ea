/// Help of options and arguments that several verbs have.
extension HelpText {
    static let json = HelpText(
        "Print one JSON document on stdout and nothing else there.",
        uz: "stdoutʼga faqat bitta JSON hujjat chiqaradi.",
        ru: "Выводит в stdout один JSON-документ и больше ничего."
    )

    static let lang = HelpText(
        "Language of what people read: uz, ru or en.",
        uz: "Odamlar oʻqiydigan matnlar tili: uz, ru yoki en.",
        ru: "Язык того, что читают люди: uz, ru или en."
    )

    static let config = HelpText(
        "Settings file (eskiz.json in the working directory, if there is one).",
        uz: "Sozlamalar fayli (joriy papkada eskiz.json boʻlsa, shu).",
        ru: "Файл настроек (eskiz.json в текущем каталоге, если он есть)."
    )

    static let baseURL = HelpText(
        "Address of the API (ESKIZ_BASE_URL).",
        uz: "API manzili (ESKIZ_BASE_URL).",
        ru: "Адрес API (ESKIZ_BASE_URL)."
    )

    static let stateDirectory = HelpText(
        "Folder for token, log and database (ESKIZ_STATE_DIR).",
        uz: "Token, log va maʼlumotlar bazasi papkasi (ESKIZ_STATE_DIR).",
        ru: "Каталог для токена, лога и базы данных (ESKIZ_STATE_DIR)."
    )

    static let timeout = HelpText(
        "One request to Eskiz, for example 30s (ESKIZ_TIMEOUT).",
        uz: "Eskizga bitta soʻrov vaqti, masalan 30s (ESKIZ_TIMEOUT).",
        ru: "Время на один запрос к Eskiz, например 30s (ESKIZ_TIMEOUT)."
    )

    static let logLevel = HelpText(
        "trace, debug, info, notice, warning, error or critical (ESKIZ_LOG_LEVEL).",
        uz: "trace, debug, info, notice, warning, error yoki critical (ESKIZ_LOG_LEVEL).",
        ru: "trace, debug, info, notice, warning, error или critical (ESKIZ_LOG_LEVEL)."
    )

    static let logFormat = HelpText(
        "text or json (ESKIZ_LOG_FORMAT).",
        uz: "text yoki json (ESKIZ_LOG_FORMAT).",
        ru: "text или json (ESKIZ_LOG_FORMAT)."
    )

    static let textArgument = HelpText(
        "The text, or - to read it from stdin.",
        uz: "Matn; - boʻlsa, stdinʼdan oʻqiladi.",
        ru: "Текст или -, чтобы прочитать его из stdin."
    )

    static let phoneArgument = HelpText(
        "The number: +998 90 123-45-67, 998901234567 or 901234567.",
        uz: "Telefon raqami: +998 90 123-45-67, 998901234567 yoki 901234567.",
        ru: "Номер телефона: +998 90 123-45-67, 998901234567 или 901234567."
    )

    static let sender = HelpText(
        "Sender ID (ESKIZ_FROM).",
        uz: "Yuboruvchi nomi (ESKIZ_FROM).",
        ru: "Имя отправителя (ESKIZ_FROM)."
    )

    static let printedID = HelpText(
        "The ID that send printed.",
        uz: "`eskiz send` chiqargan ID.",
        ru: "ID, который вывела команда send."
    )

    static let statusFilter = HelpText(
        "all, delivered or rejected.",
        uz: "all (hammasi), delivered (yetkazilgan) yoki rejected (rad etilgan).",
        ru: "all (все), delivered (доставленные) или rejected (отклонённые)."
    )

    static let since = HelpText(
        "From then on: 2026-11-01 or '2026-11-01 09:30', Asia/Tashkent.",
        uz: "Qachondan: 2026-11-01 yoki '2026-11-01 09:30', Asia/Tashkent.",
        ru: "С какого времени: 2026-11-01 или '2026-11-01 09:30', Asia/Tashkent."
    )

    static let until = HelpText(
        "Until then; a day counts to its end.",
        uz: "Qachongacha; kun oxirigacha hisobga olinadi.",
        ru: "До какого времени; день считается до конца."
    )

    static let year = HelpText(
        "Year; this one unless given.",
        uz: "Yil; berilmasa, shu yil.",
        ru: "Год; если не указан, текущий."
    )

    static let month = HelpText(
        "Month, 1 to 12; this one unless given.",
        uz: "Oy, 1 dan 12 gacha; berilmasa, shu oy.",
        ru: "Месяц, от 1 до 12; если не указан, текущий."
    )

    static let unmask = HelpText(
        "Show phone numbers in full.",
        uz: "Telefon raqamlarini toʻliq koʻrsatadi.",
        ru: "Показывает номера телефонов полностью."
    )

    static let gatewayAddress = HelpText(
        "Address of the gateway (ESKIZ_LISTEN), for example http://127.0.0.1:8080.",
        uz: "Gateway manzili (ESKIZ_LISTEN), masalan http://127.0.0.1:8080.",
        ru: "Адрес шлюза (ESKIZ_LISTEN), например http://127.0.0.1:8080."
    )

    static let gatewayMessageID = HelpText(
        "The id of the message.",
        uz: "Xabar IDʼsi.",
        ru: "ID сообщения."
    )
}
