import EskizPages

/// What the first screen says.
enum OverviewPhrase: String, PagePhrase {
    // Is it well
    case health, healthWell, healthAttention, healthSlow, healthAway, healthTrying, healthRenewing, healthStopping,
        healthStore
    case healthDisk, healthTokenDead, healthTokenAbsent, healthCredentials, healthBalance, healthConfiguration
    case healthWillFail, healthLoginWillFail, healthNoToken, healthNoTokenUntil, healthNoMoney, healthLowBalance,
        healthClocks, asOf
    // What needs a person
    case needsYou, nothingNeedsYou, unknownOutcomes, unknownAdvice, deadWebhooks, deadWebhooksAdvice
    case refusedToday, refusedAdvice, show
    // Queue and today
    case queue, laneOTP, laneTransactional, laneBulk, waiting, oldest, lane, scheduledToo
    case today, todayShare, accepted, submitted, delivered, notDelivered
    // Token
    case token, tokenValid, tokenDue, tokenExpired, tokenRejected, tokenAbsent, tokenLeft, tokenEnds
    case lastRenewal, nextRenewal, renewNow, renewNowHint, renewed, renewNotDone, renewalFailed, renewedBefore
    case becauseStart, becauseEarly, becauseExpired, becauseRejected, becauseByHand, byLogin
    case nextAtOnce, nextSoon, nextCorrected, nextAfterRefusal, nextHeld, nextIn, tokenInMemory
    // Provider and balance
    case provider, providerWorks, providerTrying, providerAway, providerBlocked, since, answersIn, answersSlowest
    case lastAnswers, noAnswersYet, clockAhead, clockBehind
    case balance, balanceNotKnown, balanceLasts, balanceLastsLong, nothingSpent, spentLastHour
    // The gateways of a fleet
    case gateways, gatewaysAlive, gatewayName, gatewayVersion, gatewaySince, gatewayState, gatewayInHand
    case gatewayThis, gatewayAlive, gatewaySilent, gatewaysMixed
    // Charts
    case traffic, rangeHour, rangeDay, rangeWeek, range, chartSummary, asTable, time, nothingHappened
    case deliveryTime, half, almostAll, operators, operatorName, share, otherOperators, nothingDelivered

    var words: Words {
        switch self {
        case .health: Words("Is it well?", "Hammasi joyidami?", "Всё ли в порядке?")
        case .healthWell:
            Words(
                "All is well: messages go out, and nothing needs you.",
                "Hammasi joyida: xabarlar ketmoqda, sizdan hech narsa talab qilinmaydi.",
                "Всё в порядке: сообщения уходят, и вмешательство не нужно."
            )
        case .healthAttention:
            Words(
                "Messages go out, but something needs a person.",
                "Xabarlar ketmoqda, lekin nimadir odam qarorini kutmoqda.",
                "Сообщения уходят, но что-то требует человека."
            )
        case .healthSlow:
            Words(
                "Messages come faster than they go out: the oldest has waited {time}.",
                "Xabarlar ketishidan tezroq kelmoqda: eng eskisi {time} kutmoqda.",
                "Сообщения приходят быстрее, чем уходят: старшее ждёт {time}."
            )
        case .healthAway:
            Words(
                "Eskiz does not answer. Waiting: {count}. They go out as soon as it does.",
                "Eskiz javob bermayapti. Kutmoqda: {count}. Javob berishi bilan yuboriladi.",
                "Eskiz не отвечает. Ждут: {count}. Они уйдут, как только он ответит."
            )
        case .healthTrying:
            Words(
                "Eskiz did not answer the last messages. The next one shows whether it is back.",
                "Eskiz soʻnggi xabarlarga javob bermadi. Keyingisi u qaytgan-qaytmaganini koʻrsatadi.",
                "На последние сообщения Eskiz не ответил. Следующее покажет, вернулся ли он."
            )
        case .healthRenewing:
            Words(
                "The token has ended; the next message renews it.",
                "Token muddati tugagan; keyingi xabar uni yangilaydi.",
                "Токен истёк; следующее сообщение его обновит."
            )
        case .healthClocks:
            Words(
                "Messages go out, but Eskiz's clock and this server's differ by {time}. Set the server's clock.",
                "Xabarlar ketmoqda, lekin Eskiz va shu server soatlari {time} farq qiladi. Server soatini toʻgʻrilang.",
                "Сообщения уходят, но часы Eskiz и этого сервера расходятся на {time}. Проверьте часы сервера."
            )
        case .clockAhead:
            Words(
                "Eskiz's clock is {time} ahead of this server's.",
                "Eskiz soati shu server soatidan {time} oldinda.",
                "Часы Eskiz впереди часов этого сервера на {time}."
            )
        case .clockBehind:
            Words(
                "Eskiz's clock is {time} behind this server's.",
                "Eskiz soati shu server soatidan {time} orqada.",
                "Часы Eskiz отстают от часов этого сервера на {time}."
            )
        case .healthStopping: Words("The gateway is stopping.", "Shlyuz toʻxtamoqda.", "Шлюз останавливается.")
        case .healthStore:
            Words(
                "No message can be accepted: the database does not work. The log says why.",
                "Xabar qabul qilib boʻlmaydi: maʼlumotlar bazasi ishlamayapti. Sababi jurnalda.",
                "Принимать сообщения нельзя: не работает база данных. Причина в логе."
            )
        case .healthDisk:
            Words(
                "No message can be accepted: the disk is almost full. Make room.",
                "Xabar qabul qilib boʻlmaydi: disk deyarli toʻlgan. Joy boʻshating.",
                "Принимать сообщения нельзя: диск почти полон. Освободите место."
            )
        case .healthTokenDead:
            Words(
                "No message can go out: Eskiz refuses the token, and there is nothing to log in with. Set ESKIZ_EMAIL and ESKIZ_PASSWORD.",
                "Xabar ketmaydi: Eskiz tokenni rad etmoqda, kirish uchun maʼlumot yoʻq. ESKIZ_EMAIL va ESKIZ_PASSWORD kiriting.",
                "Сообщения не уходят: Eskiz отклоняет токен, а войти нечем. Задайте ESKIZ_EMAIL и ESKIZ_PASSWORD."
            )
        case .healthTokenAbsent:
            Words(
                "No message can go out: there is no token, and nothing to log in with. Set ESKIZ_EMAIL and ESKIZ_PASSWORD.",
                "Xabar ketmaydi: token ham, kirish uchun maʼlumot ham yoʻq. ESKIZ_EMAIL va ESKIZ_PASSWORD kiriting.",
                "Сообщения не уходят: нет ни токена, ни данных для входа. Задайте ESKIZ_EMAIL и ESKIZ_PASSWORD."
            )
        case .healthCredentials:
            Words(
                "No message goes out: Eskiz accepts neither the token nor the e-mail and key. Correct them.",
                "Xabar ketmayapti: Eskiz tokenni ham, e-mail va kalitni ham qabul qilmayapti. Ularni tuzating.",
                "Сообщения не уходят: Eskiz не принимает ни токен, ни e-mail с ключом. Исправьте их."
            )
        case .healthBalance:
            Words(
                "No message goes out: the balance is used up. Top it up, and they go by themselves.",
                "Xabar ketmayapti: balans tugagan. Toʻldirsangiz, ular oʻzi ketadi.",
                "Сообщения не уходят: баланс исчерпан. Пополните его, и они уйдут сами."
            )
        case .healthConfiguration:
            Words(
                "No message goes out: a setting is wrong. The log says which.",
                "Xabar ketmayapti: sozlama notoʻgʻri. Qaysi biri ekani jurnalda.",
                "Сообщения не уходят: неверна настройка. Какая — в логе."
            )
        case .healthWillFail:
            Words(
                "Messages will stop when the token ends: it cannot be renewed. Set ESKIZ_EMAIL and ESKIZ_PASSWORD.",
                "Token tugagach xabarlar toʻxtaydi: uni yangilab boʻlmayapti. ESKIZ_EMAIL va ESKIZ_PASSWORD kiriting.",
                "Когда токен истечёт, сообщения остановятся: обновить его не удаётся. Задайте ESKIZ_EMAIL и ESKIZ_PASSWORD."
            )
        case .healthLoginWillFail:
            Words(
                "Messages will stop when the token ends: Eskiz does not accept the e-mail and key. Correct them.",
                "Token tugagach xabarlar toʻxtaydi: Eskiz e-mail va kalitni qabul qilmayapti. Ularni tuzating.",
                "Когда токен истечёт, сообщения остановятся: Eskiz не принимает e-mail и ключ. Исправьте их."
            )
        case .healthNoToken:
            Words(
                "No message can go out: there is no valid token, and the last renewal failed ({code}). The log says why.",
                "Xabar ketmaydi: yaroqli token yoʻq, soʻnggi yangilash ham boʻlmadi ({code}). Sababi jurnalda.",
                "Сообщения не уходят: действующего токена нет, и обновить его не удалось ({code}). Причина в логе."
            )
        case .healthNoTokenUntil:
            Words(
                "No message can go out: there is no valid token, and the last renewal failed ({code}). The next try is at {moment}; “Renew now” tries at once.",
                "Xabar ketmaydi: yaroqli token yoʻq, soʻnggi yangilash ham boʻlmadi ({code}). Keyingi urinish: {moment}; “Hozir yangilash” darhol urinadi.",
                "Сообщения не уходят: действующего токена нет, и обновить его не удалось ({code}). Следующая попытка: {moment}; «Обновить сейчас» пробует сразу."
            )
        case .healthNoMoney:
            Words(
                "The balance is used up: Eskiz takes messages, but does not deliver them. Top it up.",
                "Balans tugagan: Eskiz xabarlarni oladi, lekin yetkazmaydi. Balansni toʻldiring.",
                "Баланс исчерпан: Eskiz принимает сообщения, но не доставляет. Пополните его."
            )
        case .healthLowBalance:
            Words(
                "Messages go out, but the balance lasts only {time} at this pace. Top it up.",
                "Xabarlar ketmoqda, lekin balans shu surʼatda {time} ga yetadi, xolos. Toʻldiring.",
                "Сообщения уходят, но при таком темпе баланса хватит лишь на {time}. Пополните его."
            )
        case .asOf: Words("as of {time}", "{time} holatiga", "на {time}")
        case .needsYou: Words("Needs a person", "Sizning qaroringiz kerak", "Требует человека")
        case .nothingNeedsYou:
            Words("Nothing needs you.", "Sizdan hech narsa talab qilinmaydi.", "Ничего не требуется.")
        case .unknownOutcomes: Words("Outcome unknown", "Natijasi nomaʼlum", "Исход неизвестен")
        case .unknownAdvice:
            Words(
                "Most settle by themselves. What stays is for you to decide.",
                "Koʻpi oʻzi hal boʻladi. Qolganini siz hal qilasiz.",
                "Большинство решится само. Оставшиеся решаете вы."
            )
        case .deadWebhooks: Words("Webhooks given up", "Yetkazilmagan webhooklar", "Недоставленные вебхуки")
        case .deadWebhooksAdvice:
            Words(
                "Mend the receiver, then send them again.",
                "Qabul qiluvchini tuzating, soʻng qayta yuboring.",
                "Почините получателя и отправьте их снова."
            )
        case .refusedToday: Words("Refused in the last day", "Soʻnggi kunda rad etilgan", "Отказы за сутки")
        case .refusedAdvice:
            Words(
                "Not sent, and not repeated. The caller has to change something.",
                "Yuborilmadi va takrorlanmaydi. Yuboruvchi nimanidir oʻzgartirishi kerak.",
                "Не отправлены и не повторяются. Отправителю надо что-то изменить."
            )
        case .show: Words("Show", "Koʻrsatish", "Показать")
        case .queue: Words("Queue", "Navbat", "Очередь")
        case .lane: Words("Lane", "Yoʻlak", "Полоса")
        case .laneOTP: Words("Codes", "Kodlar", "Коды")
        case .laneTransactional: Words("Service", "Xizmat", "Сервисные")
        case .laneBulk: Words("Bulk", "Ommaviy", "Массовые")
        case .waiting: Words("Waiting", "Kutmoqda", "Ждут")
        case .oldest: Words("Oldest", "Eng eskisi", "Старшее")
        case .scheduledToo: Words("{count} for later", "{count} keyinroqqa", "{count} на потом")
        case .today: Words("Today", "Bugun", "Сегодня")
        case .todayShare:
            Words("delivered, of those that ended", "yetkazildi (yakunlanganlardan)", "доставлено из завершённых")
        case .accepted: Words("Accepted", "Qabul qilindi", "Принято")
        case .submitted: Words("Submitted", "Yuborildi", "Отправлено")
        case .delivered: Words("Delivered", "Yetkazildi", "Доставлено")
        case .notDelivered: Words("Not delivered", "Yetkazilmadi", "Не доставлено")
        case .token: Words("Token", "Token", "Токен")
        case .tokenValid: Words("valid", "yaroqli", "действует")
        case .tokenDue: Words("being renewed", "yangilanmoqda", "обновляется")
        case .tokenExpired: Words("expired", "muddati tugagan", "истёк")
        case .tokenRejected: Words("refused by Eskiz", "Eskiz rad etgan", "отклонён Eskiz")
        case .tokenAbsent: Words("none yet", "hali yoʻq", "ещё нет")
        case .tokenLeft: Words("left", "qoldi", "осталось")
        case .tokenEnds: Words("Ends", "Tugaydi", "Истекает")
        case .lastRenewal: Words("Last renewal", "Soʻnggi yangilash", "Последнее обновление")
        case .nextRenewal: Words("Next renewal", "Keyingi yangilash", "Следующее обновление")
        case .renewNow: Words("Renew now", "Hozir yangilash", "Обновить сейчас")
        case .renewNowHint:
            Words(
                "Eskiz issues a new token. Messages that are under way are not disturbed.",
                "Eskiz yangi token beradi. Yoʻldagi xabarlarga xalal bermaydi.",
                "Eskiz выдаст новый токен. Сообщениям в пути это не мешает."
            )
        case .renewed: Words("The token was renewed.", "Token yangilandi.", "Токен обновлён.")
        case .renewNotDone:
            Words(
                "The token was not renewed ({code}). The log says more.",
                "Token yangilanmadi ({code}). Batafsil jurnalda.",
                "Токен не обновлён ({code}). Подробнее в логе."
            )
        case .renewalFailed:
            Words(
                "Renewal failed at {time}: {code}",
                "{time} da yangilab boʻlmadi: {code}",
                "Не удалось обновить в {time}: {code}"
            )
        case .renewedBefore: Words("before this start", "shu ishga tushishdan oldin", "до этого запуска")
        case .becauseStart: Words("at the start", "ishga tushishda", "при запуске")
        case .becauseEarly: Words("in good time", "oldindan", "заблаговременно")
        case .becauseExpired: Words("it had expired", "muddati tugagani uchun", "срок истёк")
        case .becauseRejected: Words("Eskiz had refused it", "Eskiz rad etgani uchun", "Eskiz его отклонил")
        case .becauseByHand: Words("somebody asked for it", "soʻrov boʻyicha", "по запросу")
        case .byLogin: Words("(by login)", "(qayta kirib)", "(входом)")
        case .nextAtOnce: Words("with the first message", "birinchi xabar bilan", "с первым сообщением")
        case .nextSoon: Words("at once", "darhol", "немедленно")
        case .nextCorrected: Words("once it is corrected", "tuzatilgach", "после исправления")
        case .nextAfterRefusal: Words("after a refusal", "rad etilgach", "после отказа")
        case .nextHeld: Words("at {time} ({code})", "{time} da ({code})", "в {time} ({code})")
        case .nextIn: Words("in {time}, {moment}", "{time} dan keyin, {moment}", "через {time}, {moment}")
        case .tokenInMemory:
            Words(
                "kept in memory only: the state directory cannot be used",
                "faqat xotirada: holat papkasidan foydalanib boʻlmayapti",
                "только в памяти: каталог состояния недоступен"
            )
        case .provider: Words("Eskiz", "Eskiz", "Eskiz (провайдер)")
        case .providerWorks: Words("answers", "javob beryapti", "отвечает")
        case .providerTrying: Words("being tried", "sinab koʻrilmoqda", "проверяется")
        case .providerAway: Words("does not answer", "javob bermayapti", "не отвечает")
        case .providerBlocked: Words("refuses everything", "hammasini rad etmoqda", "отказывает во всём")
        case .since: Words("since {time}", "{time} dan beri", "с {time}")
        case .answersIn: Words("typical answer (p50)", "odatiy javob (p50)", "обычный ответ (p50)")
        case .answersSlowest: Words("95 % answer within (p95)", "95 % javob vaqti (p95)", "95 % ответов за (p95)")
        case .lastAnswers:
            Words("answers counted: {count}", "hisobga olingan javoblar: {count}", "учтено ответов: {count}")
        case .noAnswersYet:
            Words(
                "nothing sent since the start",
                "ishga tushgandan beri yuborilmagan",
                "с запуска ничего не отправлено"
            )
        case .gateways: Words("Gateways", "Gatewaylar", "Шлюзы")
        case .gatewaysAlive: Words("alive", "ishlayapti", "работают")
        case .gatewayName: Words("Host", "Host", "Хост")
        case .gatewayVersion: Words("Version", "Versiya", "Версия")
        case .gatewaySince: Words("Since", "Qachondan", "С какого времени")
        case .gatewayState: Words("State", "Holati", "Состояние")
        case .gatewayInHand: Words("Sending now", "Hozir yubormoqda", "Отправляет сейчас")
        case .gatewayThis: Words("{name} (this one)", "{name} (shu)", "{name} (этот)")
        case .gatewayAlive: Words("alive", "ishlayapti", "работает")
        case .gatewaySilent: Words("silent for {time}", "{time} jim", "молчит {time}")
        case .gatewaysMixed:
            Words(
                "Versions differ: finish the upgrade.",
                "Versiyalar har xil: yangilashni oxiriga yetkazing.",
                "Версии различаются: завершите обновление."
            )
        case .balance: Words("Balance", "Balans", "Баланс")
        case .balanceNotKnown: Words("Eskiz has not said yet", "Eskiz hali aytmagan", "Eskiz ещё не сообщил")
        case .balanceLasts:
            Words("lasts {time} at this pace", "shu surʼatda {time} ga yetadi", "при таком темпе хватит на {time}")
        case .balanceLastsLong:
            Words("lasts more than a year", "bir yildan koʻproqqa yetadi", "хватит больше чем на год")
        case .nothingSpent:
            Words("nothing spent in the last hour", "soʻnggi soatda sarflanmagan", "за последний час не тратилось")
        case .spentLastHour:
            Words("{amount} in the last hour", "soʻnggi soatda {amount}", "за последний час {amount}")
        case .traffic: Words("Messages", "Xabarlar", "Поток сообщений")
        case .range: Words("How far back", "Qancha vaqt", "За какое время")
        case .rangeHour: Words("Hour", "Soat", "Час")
        case .rangeDay: Words("Day", "Kun", "Сутки")
        case .rangeWeek: Words("Week", "Hafta", "Неделя")
        case .chartSummary:
            Words(
                "Accepted {accepted}, submitted {submitted}, delivered {delivered}, not delivered {failed}.",
                "Qabul qilindi {accepted}, yuborildi {submitted}, yetkazildi {delivered}, yetkazilmadi {failed}.",
                "Принято {accepted}, отправлено {submitted}, доставлено {delivered}, не доставлено {failed}."
            )
        case .asTable: Words("As a table", "Jadval koʻrinishida", "Таблицей")
        case .time: Words("Time", "Vaqt", "Время")
        case .nothingHappened:
            Words("Nothing in this time.", "Bu vaqtda hech narsa yoʻq.", "За это время ничего.")
        case .deliveryTime: Words("Time to deliver", "Yetkazish vaqti", "Время доставки")
        case .half: Words("Half (p50)", "Yarmi (p50)", "Половина (p50)")
        case .almostAll: Words("95 % (p95)", "95 % (p95)", "95 % (p95)")
        case .operators: Words("By operator", "Operatorlar boʻyicha", "По операторам")
        case .operatorName: Words("Operator", "Operator", "Оператор")
        case .share: Words("Delivered", "Yetkazildi", "Доставлено")
        case .otherOperators: Words("Others", "Boshqalar", "Прочие")
        case .nothingDelivered:
            Words("Nothing was sent in this time.", "Bu vaqtda yuborilmagan.", "За это время ничего не отправлено.")
        }
    }
}
