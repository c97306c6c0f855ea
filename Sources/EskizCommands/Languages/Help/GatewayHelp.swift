/// Help of the verbs that run the gateway and talk to it.
extension HelpText {
    static let serve = HelpText(
        "Run the gateway: takes messages over HTTP, keeps them, sends each one once, follows it to the phone.",
        uz: "Gatewayni ishga tushiradi: xabarlarni HTTP orqali oladi, saqlaydi, har birini bir marta yuboradi va "
            + "telefongacha kuzatadi.",
        ru: "Запускает шлюз: принимает сообщения по HTTP, хранит их, отправляет каждое один раз и следит за ним до "
            + "телефона."
    )

    static let readyLine = HelpText(
        """
        Prints one line, `listening http://HOST:PORT`, when it is ready; port 0
        picks a free one.
        """,
        uz: """
            Tayyor boʻlgach, bitta qator chiqaradi: `listening http://HOST:PORT`; 0-port
            boʻsh portni tanlaydi.
            """,
        ru: """
            Когда готов, выводит одну строку, `listening http://HOST:PORT`; порт 0
            выбирает свободный.
            """
    )

    static let serveDetails = HelpText(
        """
        SIGTERM or Ctrl-C: accepts nothing more, finishes what is in flight, keeps
        the rest on disk. SIGHUP opens the log file again.
        """,
        uz: """
            SIGTERM yoki Ctrl-C: yangisini qabul qilmaydi, boshlanganini tugatadi,
            qolganini diskda saqlaydi. SIGHUP log faylini qaytadan ochadi.
            """,
        ru: """
            SIGTERM или Ctrl-C: больше ничего не принимает, завершает начатое, остальное
            оставляет на диске. SIGHUP открывает файл лога заново.
            """
    )

    static let listen = HelpText(
        "Address and port (ESKIZ_LISTEN).",
        uz: "Manzil va port (ESKIZ_LISTEN).",
        ru: "Адрес и порт (ESKIZ_LISTEN)."
    )

    static let database = HelpText(
        "Look at the outbox in PostgreSQL, or make it.",
        uz: "PostgreSQLdagi outboxni koʻrsatadi yoki yaratadi.",
        ru: "Показывает outbox в PostgreSQL или создаёт её."
    )

    static let databaseDetails = HelpText(
        """
        `migrate` needs a role that may create tables. The gateway does it by
        itself, unless ESKIZ_DATABASE_MIGRATE is false.
        """,
        uz: """
            `migrate` uchun jadval yarata oladigan rol kerak. ESKIZ_DATABASE_MIGRATE
            false boʻlmasa, gateway buni oʻzi bajaradi.
            """,
        ru: """
            Для `migrate` нужна роль, которая может создавать таблицы. Шлюз делает это
            сам, если ESKIZ_DATABASE_MIGRATE не false.
            """
    )

    static let databaseStatus = HelpText(
        "Say whether the database has what this version needs.",
        uz: "Bazada bu versiya uchun kerakli narsalar borligini aytadi.",
        ru: "Говорит, есть ли в базе то, что нужно этой версии."
    )

    static let databaseMigrate = HelpText(
        "Make what is missing; a second run does nothing.",
        uz: "Yetishmaganini yaratadi; ikkinchi marta hech narsa qilmaydi.",
        ru: "Создаёт недостающее; повторный запуск ничего не меняет."
    )

    static let databaseCopy = HelpText(
        "Move a stopped gateway between SQLite and PostgreSQL.",
        uz: "Toʻxtatilgan gatewayni SQLite va PostgreSQL orasida koʻchiradi.",
        ru: "Переносит остановленный шлюз между SQLite и PostgreSQL."
    )

    static let databaseCopyDetails = HelpText(
        """
        Everything is copied in one transaction, counted and compared; the source
        stays as it is, and a second run does nothing. The role has to own the
        tables. With a gateway that runs on either side nothing is done.
        """,
        uz: """
            Hammasi bitta tranzaksiyada koʻchiriladi, sanaladi va solishtiriladi;
            manba oʻzgarmaydi, ikkinchi marta hech narsa qilinmaydi. Rol
            jadvallarning egasi boʻlishi kerak. Bir tomonda gateway ishlab turgan
            boʻlsa, hech narsa qilinmaydi.
            """,
        ru: """
            Всё копируется одной транзакцией, считается и сверяется; источник не
            меняется, повторный запуск ничего не делает. Роль должна владеть
            таблицами. Пока шлюз работает на одной из сторон, ничего не делается.
            """
    )

    static let databaseCopyFrom = HelpText(
        "What is copied: sqlite:///PATH or postgres://…",
        uz: "Nima koʻchiriladi: sqlite:///PATH yoki postgres://…",
        ru: "Что копируется: sqlite:///PATH или postgres://…"
    )

    static let databaseCopyTo = HelpText(
        "Where to: the other one of the two, and empty.",
        uz: "Qayerga: ikkovidan boshqasi, boʻsh boʻlishi kerak.",
        ru: "Куда: второе из двух, и пустое."
    )

    static let keys = HelpText(
        "Make, list and revoke API keys of the gateway.",
        uz: "Gatewayning API kalitlarini yaratadi, koʻrsatadi va bekor qiladi.",
        ru: "Создаёт, показывает и отзывает ключи API шлюза."
    )

    static let keysDetails = HelpText(
        "A key is shown once. A running gateway knows of changes within seconds.",
        uz: "Kalit bir marta koʻrsatiladi. Ishlab turgan gateway oʻzgarishni bir necha\nsoniyada biladi.",
        ru: "Ключ показывается один раз. Работающий шлюз узнаёт об изменениях за секунды."
    )

    static let addKey = HelpText(
        "Make a key and show it once.",
        uz: "Kalit yaratib, uni bir marta koʻrsatadi.",
        ru: "Создаёт ключ и показывает его один раз."
    )

    static let keyName = HelpText(
        "What the key is for: 1 to 64 characters.",
        uz: "Kalit nima uchunligi: 1 tadan 64 tagacha belgi.",
        ru: "Для чего этот ключ: от 1 до 64 символов."
    )

    static let keyScope = HelpText(
        "send, read, verify or admin; may be given several times (send).",
        uz: "send, read, verify yoki admin; bir necha marta berish mumkin (send).",
        ru: "send, read, verify или admin; можно указать несколько раз (send)."
    )

    static let listKeys = HelpText(
        "List the keys, never their text.",
        uz: "Kalitlar roʻyxati; kalitning oʻzi hech qachon chiqmaydi.",
        ru: "Показывает список ключей, но не сами ключи."
    )

    static let revokeKey = HelpText(
        "Stop accepting a key, and every token that was issued to it.",
        uz: "Kalit va unga berilgan barcha tokenlarni qabul qilmay qoʻyadi.",
        ru: "Перестаёт принимать ключ и все выданные по нему токены."
    )

    static let keyID = HelpText(
        "The key's id, as `eskiz keys list` shows it.",
        uz: "Kalit IDʼsi, `eskiz keys list` koʻrsatganidek.",
        ru: "ID ключа, как его показывает `eskiz keys list`."
    )

    static let tail = HelpText(
        "Watch what the gateway does, as it does it.",
        uz: "Gateway nima qilayotganini shu zahoti koʻrsatib turadi.",
        ru: "Показывает, что делает шлюз, по ходу дела."
    )

    static let tailDetails = HelpText(
        "With --json there is one document a line. Ctrl-C ends it.",
        uz: "--json bilan har bir qatorda bitta hujjat. Ctrl-C toʻxtatadi.",
        ru: "С --json — по одному документу в строке. Остановить: Ctrl-C."
    )

    static let explain = HelpText(
        "Tell the life of a message of the gateway: every attempt, every report.",
        uz: "Gatewaydagi xabar tarixini aytib beradi: har bir urinish, har bir hisobot.",
        ru: "Рассказывает историю сообщения в шлюзе: каждую попытку, каждый отчёт."
    )

    static let explainDetails = HelpText(
        "The id is the one that POST /v1/messages answered with.",
        uz: "ID — POST /v1/messages javobidagi ID.",
        ru: "ID — тот, что был в ответе на POST /v1/messages."
    )

    static let doctor = HelpText(
        "Ask a running gateway why messages do not arrive: what holds them up, store, disk, clocks, token, reports, webhooks.",
        uz: "Ishlab turgan gatewaydan xabarlar nega yetib bormayotganini soʻraydi: nima ushlab turibdi, ombor, disk, "
            + "soatlar, token, hisobotlar, webhooklar.",
        ru: "Спрашивает работающий шлюз, почему сообщения не доходят: что их держит, хранилище, диск, часы, токен, "
            + "отчёты, вебхуки."
    )

    static let doctorDetails = HelpText(
        """
        For the account and the way to Eskiz: `eskiz self-test`. The exit code is
        that of the worst failure, 0 if there is none. The key needs the scope read.
        """,
        uz: """
            Hisob va Eskizgacha boʻlgan yoʻl uchun: `eskiz self-test`. Chiqish kodi eng
            ogʻir nosozlikniki, nosozlik boʻlmasa 0. Kalitga read scope kerak.
            """,
        ru: """
            Для учётной записи и пути к Eskiz: `eskiz self-test`. Код выхода — от самой
            тяжёлой неисправности, 0, если их нет. Ключу нужен scope read.
            """
    )

    static let cancel = HelpText(
        "Take a message of the gateway back that has not been sent.",
        uz: "Gatewaydagi hali yuborilmagan xabarni qaytarib oladi.",
        ru: "Отменяет сообщение в шлюзе, которое ещё не отправлено."
    )
}
