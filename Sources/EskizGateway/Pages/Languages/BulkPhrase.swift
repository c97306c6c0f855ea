import EskizPages

/// What is done to many messages, and what came of it.
enum BulkPhrase: String, PagePhrase {
    case bulkCancel, bulkNotSent, bulkSendAgain, bulkReplay
    case bulkCancelHint, bulkNotSentHint, bulkSendAgainHint, bulkReplayHint
    case bulkMatches, orMore, bulkCutHint, bulkButton, bulkNothing, bulkNothingHint, bulkEverything, bulkFilter,
        bulkSample
    case bulkLater
    case bulkDone, bulkDoneSome, bulkCut, bulkFailed

    var words: Words {
        switch self {
        case .bulkCancel: Words("Cancel what waits", "Kutayotganlarni bekor qilish", "Отменить ожидающие")
        case .bulkNotSent:
            Words(
                "Settle unknown ones: not sent",
                "Nomaʼlumlarni belgilash: yuborilmagan",
                "Решить неизвестные: не отправлено"
            )
        case .bulkSendAgain:
            Words(
                "Settle unknown ones: send again",
                "Nomaʼlumlarni belgilash: qayta yuborish",
                "Решить неизвестные: отправить снова"
            )
        case .bulkReplay:
            Words(
                "Send given-up webhooks again",
                "Yetib bormagan webhooklarni qayta yuborish",
                "Послать недоставленные вебхуки снова"
            )
        case .bulkCancelHint:
            Words(
                "Scheduled and queued messages are taken back. What is being sent just now is left alone.",
                "Rejalashtirilgan va navbatdagi xabarlar qaytarib olinadi. Hozir yuborilayotganlarga tegilmaydi.",
                "Запланированные сообщения и сообщения в очереди отзываются. То, что отправляется сейчас, не трогают."
            )
        case .bulkNotSentHint:
            Words(
                "You have looked: Eskiz does not have them, and they are not wanted any more. They count as failed.",
                "Siz tekshirdingiz: Eskizda yoʻq va endi kerak emas. Ular rad etilgan hisoblanadi.",
                "Вы проверили: у Eskiz их нет и они больше не нужны. Они считаются отклонёнными."
            )
        case .bulkSendAgainHint:
            Words(
                "You have looked: Eskiz does not have them. Should it have one after all, its reader gets it twice.",
                "Siz tekshirdingiz: Eskizda yoʻq. Agar bor boʻlib chiqsa, oluvchi xabarni ikki marta oladi.",
                "Вы проверили: у Eskiz их нет. Если какое-то всё же есть, получатель получит его дважды."
            )
        case .bulkReplayHint:
            Words(
                "The applications hear everything about these messages once more, under the same numbers.",
                "Ilovalar bu xabarlar haqidagi hamma narsani oʻsha raqamlar bilan yana bir bor oladi.",
                "Приложения услышат всё об этих сообщениях ещё раз, под теми же номерами."
            )
        case .bulkMatches:
            Words("Messages that match: {count}", "Mos xabarlar: {count}", "Подходящих сообщений: {count}")
        case .orMore: Words("{count} or more", "{count} yoki koʻproq", "{count} или больше")
        case .bulkCutHint:
            Words(
                "The newest {count} are done now; then you are asked again.",
                "Hozir eng yangi {count} tasi bajariladi; keyin yana soʻraladi.",
                "Сейчас — самые новые {count}; потом спросим снова."
            )
        case .bulkButton: Words("Yes, all {count}", "Ha, barcha {count} tasi", "Да, все {count}")
        case .bulkNothing: Words("There is nothing to do", "Qiladigan ish yoʻq", "Делать нечего")
        case .bulkNothingHint:
            Words(
                "No message of this filter can be treated so.",
                "Bu filtrdagi xabarlarning birortasiga buni qilib boʻlmaydi.",
                "Ни с одним сообщением этого фильтра так поступить нельзя."
            )
        case .bulkEverything:
            Words(
                "There is no filter: this is about everything.",
                "Filtr yoʻq: bu hammasiga tegishli.",
                "Фильтра нет: это касается всего."
            )
        case .bulkFilter: Words("Filter", "Filtr", "Фильтр")
        case .bulkSample: Words("The newest of them", "Ularning eng yangilari", "Самые новые из них")
        case .bulkLater:
            Words(
                "Messages that are accepted after this page was made are not meant.",
                "Bu sahifa ochilgandan keyin qabul qilingan xabarlar kirmaydi.",
                "Сообщения, принятые после открытия этой страницы, сюда не входят."
            )
        case .bulkDone: Words("Done: {done}.", "Bajarildi: {done}.", "Сделано: {done}.")
        case .bulkDoneSome:
            Words(
                "Done: {done}. Gone their own way meanwhile and left as they are: {changed}.",
                "Bajarildi: {done}. Shu orada oʻzgarib, tegilmay qolgani: {changed}.",
                "Сделано: {done}. Изменились тем временем и оставлены как есть: {changed}."
            )
        case .bulkCut:
            Words(
                "Done: {done}, left as they are: {changed}. There are more.",
                "Bajarildi: {done}, tegilmay qolgani: {changed}. Yana bor.",
                "Сделано: {done}, оставлено как есть: {changed}. Есть ещё."
            )
        case .bulkFailed:
            Words(
                "The database failed on the way. Done: {done}; try again for the rest.",
                "Yoʻlda maʼlumotlar bazasi ishlamay qoldi. Bajarildi: {done}; qolgani uchun qayta urining.",
                "По пути отказала база данных. Сделано: {done}; для остального попробуйте снова."
            )
        }
    }
}
