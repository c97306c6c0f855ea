/// Help of the verbs about the account.
extension HelpText {
    static let balance = HelpText(
        "Show the balance of the account.",
        uz: "Hisob balansini koʻrsatadi.",
        ru: "Показывает баланс учётной записи."
    )

    static let prices = HelpText(
        "Show what a segment costs, by operator and country.",
        uz: "Bir qism narxini operator va davlatlar boʻyicha koʻrsatadi.",
        ru: "Показывает, сколько стоит сегмент, по операторам и странам."
    )

    static let localPrices = HelpText("Uzbekistan only.", uz: "Faqat Oʻzbekiston.", ru: "Только Узбекистан.")

    static let senders = HelpText(
        "List the sender IDs of the account.",
        uz: "Hisobning yuboruvchi nomlari roʻyxati.",
        ru: "Показывает имена отправителя этой учётной записи."
    )

    static let templates = HelpText(
        "List approved texts, or submit one for moderation.",
        uz: "Tasdiqlangan matnlarni koʻrsatadi yoki matnni moderatsiyaga yuboradi.",
        ru: "Показывает одобренные тексты или отправляет текст на модерацию."
    )

    static let templatesDetails = HelpText(
        "Submit the real text, without placeholders: the moderator masks what varies.",
        uz: "Matnni aslicha, oʻrniga qoʻyiladigan belgilarsiz yuboring: oʻzgaradigan\njoylarni moderator belgilaydi.",
        ru: "Отправляйте настоящий текст без подстановок: что меняется, отметит модератор."
    )

    static let templatesList = HelpText(
        "List the texts of the account with the state of their moderation.",
        uz: "Hisobdagi matnlarni moderatsiya holati bilan koʻrsatadi.",
        ru: "Показывает тексты учётной записи с состоянием их модерации."
    )

    static let templatesAdd = HelpText(
        "Submit a text for moderation.",
        uz: "Matnni moderatsiyaga yuboradi.",
        ru: "Отправляет текст на модерацию."
    )

    static let totals = HelpText(
        "Count the segments of a month by status.",
        uz: "Bir oylik qismlarni holatlar boʻyicha sanaydi.",
        ru: "Считает сегменты за месяц по статусам."
    )

    static let messagesAbroad = HelpText("Messages abroad.", uz: "Chet elga xabarlar.", ru: "Сообщения за границу.")

    static let report = HelpText(
        "Segments and money by month, operator, range or mailing.",
        uz: "Qismlar va summa: oy, operator, davr yoki ommaviy xabar boʻyicha.",
        ru: "Сегменты и суммы по месяцам, операторам, за период или по рассылке."
    )

    static let reportByMonth = HelpText(
        "One line per month of a year.",
        uz: "Yilning har bir oyi uchun bir qator.",
        ru: "По строке на каждый месяц года."
    )

    static let reportByOperator = HelpText(
        "One line per operator for a month.",
        uz: "Bir oy uchun, har bir operatorga bir qator.",
        ru: "По строке на каждого оператора за месяц."
    )

    static let reportByRange = HelpText(
        "Sums of a range of time.",
        uz: "Bir davr uchun jami.",
        ru: "Итоги за период."
    )

    static let reportByDispatch = HelpText(
        "Sums of one mailing.",
        uz: "Bitta ommaviy xabar boʻyicha jami.",
        ru: "Итоги одной рассылки."
    )

    static let dispatch = HelpText(
        "The number of the mailing.",
        uz: "Ommaviy xabar raqami.",
        ru: "Номер рассылки."
    )

    static let export = HelpText(
        "Print the messages of a month as CSV, as Eskiz gives it.",
        uz: "Bir oylik xabarlarni CSV qilib, Eskiz berganicha chiqaradi.",
        ru: "Выводит сообщения за месяц в CSV, как их отдаёт Eskiz."
    )

    static let exportDetails = HelpText(
        "Holds texts and phones.",
        uz: "Unda matnlar va telefon raqamlari bor.",
        ru: "Содержит тексты и номера телефонов."
    )
}
