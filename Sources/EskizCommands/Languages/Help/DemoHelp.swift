/// Help of the verbs for one's own computer.
extension HelpText {
    static let demo = HelpText(
        "See what happens when the token dies, without an account: simulator, 401, renewal, delivery.",
        uz: "Token tugasa nima boʻlishini hisobsiz koʻrsatadi: simulyator, 401, yangilash, yetkazish.",
        ru: "Показывает без учётной записи, что происходит, когда токен умирает: симулятор, 401, обновление, доставка."
    )

    static let demoDetails = HelpText(
        """
        Starts the simulator on a free port of this machine, lets the token
        expire, sends a code, and tells what really happened. Nothing leaves this
        machine and nothing is left behind.

          eskiz demo            stays up; Enter sends another code, Ctrl-C ends
          eskiz demo --once     ends after delivery; exit code 1 if not delivered
          eskiz demo --fleet    kills one of two gateways in the middle of a mailing
        """,
        uz: """
            Simulyatorni shu kompyuterning boʻsh portida ishga tushiradi, token muddatini
            tugatadi, kod yuboradi va aslida nima boʻlganini aytadi. Kompyuterdan
            tashqariga hech narsa chiqmaydi va oʻzidan keyin hech narsa qolmaydi.

              eskiz demo            ishlab turadi; Enter yana kod yuboradi, Ctrl-C tugatadi
              eskiz demo --once     yetkazilgach tugaydi; yetkazilmasa, chiqish kodi 1
              eskiz demo --fleet    ikki gatewaydan birini tarqatma oʻrtasida oʻldiradi
            """,
        ru: """
            Запускает симулятор на свободном порту этой машины, делает токен истёкшим,
            отправляет код и рассказывает, что произошло на самом деле. За пределы
            машины ничего не уходит, и после себя ничего не остаётся.

              eskiz demo            работает дальше; Enter — ещё один код, Ctrl-C — конец
              eskiz demo --once     до доставки; если код не доставлен, код выхода 1
              eskiz demo --fleet    убивает один из двух шлюзов посреди рассылки
            """
    )

    static let demoFleet = HelpText(
        "Show two gateways on one PostgreSQL, of which one dies.",
        uz: "Bitta PostgreSQLdagi ikki gatewayni koʻrsatadi, biri toʻxtab qoladi.",
        ru: "Показывает два шлюза на одном PostgreSQL, из которых один умирает."
    )

    static let demoDatabase = HelpText(
        "An empty database for --fleet; else the demo starts one.",
        uz: "--fleet uchun boʻsh baza; berilmasa, demo oʻzi ishga tushiradi.",
        ru: "Пустая база для --fleet; иначе демонстрация запустит свою."
    )

    static let once = HelpText(
        "End after delivery.",
        uz: "Yetkazilgach tugaydi.",
        ru: "Завершается после доставки."
    )

    static let simulate = HelpText(
        "Run the simulator: Eskiz's API on this machine, with an inbox page and scripted faults.",
        uz: "Simulyatorni ishga tushiradi: shu kompyuterda Eskiz APIʼsi, kelgan xabarlar sahifasi va sozlanadigan "
            + "nosozliklar.",
        ru: "Запускает симулятор: API Eskiz на этой машине, со страницей входящих и сбоями по сценарию."
    )

    static let simulateThen = HelpText(
        "Then, in another terminal:",
        uz: "Keyin boshqa terminalda:",
        ru: "Затем в другом терминале:"
    )

    static let simulateListen = HelpText(
        "Address and port; only this machine can be reached unless you say otherwise.",
        uz: "Manzil va port; boshqacha aytilmasa, faqat shu kompyuterdan kirish mumkin.",
        ru: "Адрес и порт; если не указать иное, доступен только с этой машины."
    )

    static let tokenLifetime = HelpText(
        "How long tokens live: 30d, 12h, 60s.",
        uz: "Tokenlar qancha yashaydi: 30d, 12h, 60s.",
        ru: "Сколько живут токены: 30d, 12h, 60s."
    )

    static let callbackHost = HelpText(
        "Post delivery reports to this host as well, not to this machine only. May be repeated.",
        uz: "Yetkazish hisobotlarini faqat shu kompyuterga emas, bu hostga ham yuboradi. Takrorlash mumkin.",
        ru: "Отправлять отчёты о доставке и на этот хост, а не только на эту машину. Можно повторять."
    )

    static let controlToken = HelpText(
        "Opens the control API to other machines that show it: Authorization: Bearer TOKEN.",
        uz: "Boshqaruv APIʼsini shu tokenni koʻrsatgan boshqa kompyuterlarga ochadi: Authorization: Bearer TOKEN.",
        ru: "Открывает API управления другим машинам, которые его предъявят: Authorization: Bearer TOKEN."
    )

    static let completions = HelpText(
        "Print a completion script for your shell.",
        uz: "Qobigʻingiz (shell) uchun avtotoʻldirish skriptini chiqaradi.",
        ru: "Выводит скрипт автодополнения для вашей оболочки."
    )

    static let shell = HelpText("bash, zsh or fish.", uz: "bash, zsh yoki fish.", ru: "bash, zsh или fish.")
}
