extension ParserLine {
    /// What the argument parser says of a command line that it cannot read; `Error: ` is cut off before it is printed.
    static let errors = [
        HelpText(
            "Error: There is no verb '{name}'. Did you mean '{other}'?",
            uz: "Error: '{name}' degan buyruq yoʻq. Balki '{other}'?",
            ru: "Error: Команды '{name}' нет. Может быть, '{other}'?"
        ),
        HelpText(
            "Error: There is no verb '{name}'.",
            uz: "Error: '{name}' degan buyruq yoʻq.",
            ru: "Error: Команды '{name}' нет."
        ),
        HelpText(
            "A text that begins with - needs -- before it: {example}",
            uz: "- bilan boshlanadigan matn oldiga -- qoʻying: {example}",
            ru: "Перед текстом, который начинается с -, поставьте --: {example}"
        ),
        HelpText(
            "Error: Missing expected argument '{name}'",
            uz: "Error: '{name}' argumenti yetishmaydi",
            ru: "Error: Не хватает аргумента '{name}'"
        ),
        HelpText(
            "Error: Missing one of: '{names}'",
            uz: "Error: Shulardan biri yetishmaydi: '{names}'",
            ru: "Error: Не хватает одного из: '{names}'"
        ),
        HelpText(
            "Error: Missing value for '{name}'",
            uz: "Error: '{name}' uchun qiymat yetishmaydi",
            ru: "Error: Не хватает значения для '{name}'"
        ),
        HelpText(
            "Error: Unknown option '{name}'. Did you mean '{other}'?",
            uz: "Error: '{name}' degan parametr yoʻq. Balki '{other}'?",
            ru: "Error: Параметра '{name}' нет. Может быть, '{other}'?"
        ),
        HelpText(
            "Error: Unknown option '{name}'",
            uz: "Error: '{name}' degan parametr yoʻq",
            ru: "Error: Параметра '{name}' нет"
        ),
        HelpText(
            "Error: Unexpected argument '{value}'",
            uz: "Error: Ortiqcha argument: '{value}'",
            ru: "Error: Лишний аргумент '{value}'"
        ),
        HelpText(
            "Error: {count} unexpected arguments: '{values}'",
            uz: "Error: Ortiqcha argumentlar ({count}): '{values}'",
            ru: "Error: Лишние аргументы ({count}): '{values}'"
        ),
        HelpText(
            "Error: The value '{value}' is invalid for '{name}'. Please provide one of '{first}' or '{last}'.",
            uz: "Error: '{value}' qiymati '{name}' uchun yaroqsiz. Shulardan birini bering: '{first}', '{last}'.",
            ru: "Error: Значение '{value}' не подходит для '{name}'. Укажите одно из: '{first}', '{last}'."
        ),
        HelpText(
            "Error: The value '{value}' is invalid for '{name}'. Please provide one of '{first}' and '{last}'.",
            uz: "Error: '{value}' qiymati '{name}' uchun yaroqsiz. Shulardan birini bering: '{first}', '{last}'.",
            ru: "Error: Значение '{value}' не подходит для '{name}'. Укажите одно из: '{first}', '{last}'."
        ),
        HelpText(
            "Error: The value '{value}' is invalid for '{name}'. Please provide one of the following:",
            uz: "Error: '{value}' qiymati '{name}' uchun yaroqsiz. Shulardan birini bering:",
            ru: "Error: Значение '{value}' не подходит для '{name}'. Укажите одно из:"
        ),
        HelpText(
            "Error: The value '{value}' is invalid for '{name}'",
            uz: "Error: '{value}' qiymati '{name}' uchun yaroqsiz",
            ru: "Error: Значение '{value}' не подходит для '{name}'"
        ),
        HelpText(
            "Error: The option '{name}' does not take any value, but '{value}' was specified.",
            uz: "Error: '{name}' parametri qiymat olmaydi, lekin '{value}' berilgan.",
            ru: "Error: Параметр '{name}' не принимает значения, но указано '{value}'."
        ),
        HelpText(
            "Error: Missing required subcommand.",
            uz: "Error: Buyruq yetishmaydi.",
            ru: "Error: Не хватает команды."
        ),
    ]
}
