import EskizPages

/// What can be done to one message, and what came of it.
enum ActionPhrase: String, PagePhrase {
    case actions, cancelMessage, cancelMessageHint, replayMessage, replayMessageHint
    case settleTitle, settleHint, settleOpenHint, settleSubmitted, settleSubmittedHint, settleProviderID
    case settleSendAgain, settleSendAgainHint, settleNotSent, settleNotSentHint, settleUnknown, settleUnknownHint
    case settleButton
    case cancelled, settled, replayed, noWebhooks, goneItsWay, chooseOutcome, wrongProviderID, unknownAction

    var words: Words {
        switch self {
        case .actions: Words("Actions", "Amallar", "Действия")
        case .cancelMessage: Words("Cancel the message", "Xabarni bekor qilish", "Отменить сообщение")
        case .cancelMessageHint:
            Words(
                "It has not been sent yet, and never will be.",
                "U hali yuborilmagan va endi yuborilmaydi.",
                "Оно ещё не отправлено и отправлено не будет."
            )
        case .replayMessage: Words("Send the webhooks again", "Webhooklarni qayta yuborish", "Послать вебхуки снова")
        case .replayMessageHint:
            Words(
                "The application hears everything about this message once more, under the same numbers.",
                "Ilova bu xabar haqidagi hamma narsani oʻsha raqamlar bilan yana bir bor oladi.",
                "Приложение услышит всё об этом сообщении ещё раз, под теми же номерами."
            )
        case .settleTitle: Words("Settle the outcome", "Natijani belgilash", "Решить исход")
        case .settleHint:
            Words(
                "Nobody can say whether Eskiz has it. Look for it in Eskiz’s cabinet, then say what you found.",
                "Eskizda bor-yoʻqligini hech kim ayta olmaydi. Eskiz kabinetidan qidiring va topganingizni ayting.",
                "Никто не знает, есть ли оно у Eskiz. Поищите в кабинете Eskiz и скажите, что нашли."
            )
        case .settleOpenHint:
            Words(
                "The gateway looks for it by itself as well.",
                "Shlyuz uni oʻzi ham qidirmoqda.",
                "Шлюз ищет его и сам."
            )
        case .settleSubmitted: Words("Eskiz has it", "Eskizda bor", "У Eskiz оно есть")
        case .settleSubmittedHint:
            Words(
                "It counts as submitted, and its delivery is followed.",
                "Topshirilgan hisoblanadi va yetkazilishi kuzatiladi.",
                "Считается переданным, доставка отслеживается."
            )
        case .settleProviderID:
            Words("Eskiz’s id, if Eskiz has it", "Eskiz id, agar Eskizda boʻlsa", "Номер Eskiz, если у Eskiz оно есть")
        case .settleSendAgain:
            Words("Not there: send it again", "Yoʻq: qayta yuborilsin", "Его нет: отправить снова")
        case .settleSendAgainHint:
            Words(
                "If Eskiz has it after all, its reader gets it twice.",
                "Agar Eskizda bor boʻlib chiqsa, oluvchi uni ikki marta oladi.",
                "Если у Eskiz оно всё-таки есть, получатель получит его дважды."
            )
        case .settleNotSent:
            Words("Not there: leave it", "Yoʻq: yuborilmasin", "Его нет: не отправлять")
        case .settleNotSentHint:
            Words(
                "It counts as failed, and the application is told.",
                "Rad etilgan hisoblanadi va ilovaga xabar beriladi.",
                "Считается отклонённым, приложение об этом узнает."
            )
        case .settleUnknown:
            Words("It cannot be found out", "Aniqlab boʻlmaydi", "Выяснить нельзя")
        case .settleUnknownHint:
            Words(
                "It stays unknown for good, and nobody looks for it any more.",
                "Nomaʼlumligicha qoladi va boshqa qidirilmaydi.",
                "Остаётся неизвестным навсегда, больше его не ищут."
            )
        case .settleButton: Words("Settle", "Belgilash", "Решить")
        case .cancelled: Words("The message is cancelled.", "Xabar bekor qilindi.", "Сообщение отменено.")
        case .settled: Words("The outcome is settled.", "Natija belgilandi.", "Исход решён.")
        case .replayed:
            Words(
                "Webhooks sent again: {count}.",
                "Qayta yuborilgan webhooklar: {count}.",
                "Вебхуков послано снова: {count}."
            )
        case .noWebhooks:
            Words("This message has no webhooks.", "Bu xabarning webhooki yoʻq.", "У этого сообщения нет вебхуков.")
        case .goneItsWay:
            Words(
                "Nothing was done: the message is {state} by now.",
                "Hech narsa qilinmadi: xabar endi {state} holatida.",
                "Ничего не сделано: сообщение уже в состоянии {state}."
            )
        case .chooseOutcome:
            Words("Choose what became of it.", "Natijani tanlang.", "Выберите исход.")
        case .wrongProviderID:
            Words(
                "This is no id of Eskiz’s: letters, digits and hyphens, at most 64.",
                "Bu Eskiz id emas: harflar, raqamlar va defis, koʻpi bilan 64 ta.",
                "Это не номер Eskiz: буквы, цифры и дефисы, не больше 64."
            )
        case .unknownAction:
            Words(
                "This form asks for nothing that can be done. Go back and try again.",
                "Bu shakl bajarib boʻlmaydigan narsani soʻrayapti. Orqaga qaytib, qayta urining.",
                "Форма просит о том, чего сделать нельзя. Вернитесь и попробуйте снова."
            )
        }
    }
}
