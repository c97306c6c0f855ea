/// Help of `eskiz` itself.
extension HelpText {
    static let root = HelpText(
        "Send SMS through Eskiz.uz with a token that renews itself.",
        uz: "Eskiz.uz orqali SMS yuboradi; token oʻzi yangilanadi.",
        ru: "Отправляет SMS через Eskiz.uz с токеном, который обновляется сам."
    )

    static let rootDetails = HelpText(
        """
        Settings come from flags, the environment (ESKIZ_…), .env, eskiz.json.

          eskiz demo                           see how it works, without an account
          eskiz self-test                      find out why codes do not arrive
          eskiz send-code 901234567 123456     send a one-time code

        Exit codes:
           0  done
           1  refused by Eskiz; the reason is printed
          64  wrong usage, phone or text
          69  Eskiz cannot be reached or answers 5xx
          70  our bug
          74  the result cannot be written
          75  outcome unknown: do not repeat blindly
          77  credentials refused, or the token is dead and nothing to log in with
          78  a setting is missing or wrong
        """,
        uz: """
            Sozlamalar parametrlardan, muhitdan (ESKIZ_…), .env va eskiz.json dan olinadi.

              eskiz demo                           qanday ishlashi, hisobsiz
              eskiz self-test                      kodlar nega yetib bormayapti
              eskiz send-code 901234567 123456     bir martalik kod yuborish

            Chiqish kodlari:
               0  bajarildi
               1  Eskiz rad etdi; sababi yoziladi
              64  buyruq, telefon raqami yoki matn notoʻgʻri
              69  Eskiz bilan aloqa yoʻq yoki u 5xx qaytardi
              70  bizning xato
              74  natijani yozib boʻlmadi
              75  natija nomaʼlum: koʻr-koʻrona takrorlamang
              77  kirish rad etildi yoki token yaroqsiz, kirish uchun maʼlumot esa yoʻq
              78  sozlama yetishmaydi yoki notoʻgʻri
            """,
        ru: """
            Настройки берутся из параметров, окружения (ESKIZ_…), .env, eskiz.json.

              eskiz demo                           как это работает, без учётной записи
              eskiz self-test                      выяснить, почему коды не доходят
              eskiz send-code 901234567 123456     отправить одноразовый код

            Коды выхода:
               0  выполнено
               1  Eskiz отклонил; причина выводится
              64  неверный вызов, номер телефона или текст
              69  Eskiz недоступен или отвечает 5xx
              70  наша ошибка
              74  результат не удалось записать
              75  исход неизвестен: не повторяйте вслепую
              77  данные для входа отклонены, или токен не действует, а войти нечем
              78  настройка отсутствует или неверна
            """
    )

    static let groupMessages = HelpText("Messages", uz: "Xabarlar", ru: "Сообщения")
    static let groupToken = HelpText("Token", uz: "Token", ru: "Токен")
    static let groupAccount = HelpText("Account", uz: "Hisob", ru: "Учётная запись")
    static let groupGateway = HelpText("Gateway", uz: "Gateway", ru: "Шлюз")
    static let groupTexts = HelpText("Texts", uz: "Matnlar", ru: "Тексты")
    static let groupDesk = HelpText("On your desk", uz: "Oʻz kompyuteringizda", ru: "На своём компьютере")
}
