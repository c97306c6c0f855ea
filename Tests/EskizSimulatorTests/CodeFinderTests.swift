import EskizWords
import Testing

@testable import EskizSimulator

/// Texts as they are sent in Uzbekistan, and the code a person would type.
struct CodeFinderTests {
    private static let uzbek: [(text: String, code: String?)] = [
        ("Kodingiz: 123456", "123456"),
        ("Sizning tasdiqlash kodingiz: 0042", "0042"),
        ("Shopping 2026 ilovasiga kirish. Parolingiz: 4821", "4821"),
        ("4821 tasdiqlash kodi. Buyurtma 150000", "4821"),
        ("Promokod SALE2026 bilan 20% chegirma", nil),
        ("Promokod SALE2026. Tasdiqlash kodi: 5519", "5519"),
        ("Kod: 482. Hech kimga aytmang!", "482"),
        ("Kirish kodi A4F9K2, 5 daqiqa amal qiladi", "A4F9K2"),
        ("Buyurtma 20260302, kod 4821", "4821"),
        ("Buyurtma raqami 150000. Summa 45000 so'm. Kod: 7741", "7741"),
        ("Hisobingizdan 150 000 so'm yechildi. Tasdiqlash uchun kod 9034", "9034"),
        ("Karta *4821: 250000 so'm. Parol: 663201", "663201"),
        ("01.11.2026 12:30 da kirildi. Kod 3371", "3371"),
        ("Telefon +99890123, kod: 7788", "7788"),
        ("+998901234567 raqamiga qo'ng'iroq qiling", nil),
        ("Narxi 100 so'm", nil),
        ("2026-yil tabrigi! Sizga 5000 ball berildi", nil),
        ("Bu Eskiz dan test", nil),
        ("Kodeks 1234-modda", "1234"),
        ("MyShop: kodingiz 12-34-56. 3 daqiqa ichida kiriting", "123456"),
        ("Parolni hech kimga bermang: 90817", "90817"),
        ("Тасдиқлаш коди: 5521. Буюртма 77001", "5521"),
        ("Сизнинг паролингиз 4410, 2 дақиқа амал қилади", "4410"),
    ]

    private static let russian: [(text: String, code: String?)] = [
        ("Ваш код 123 456", "123456"),
        ("Код подтверждения: 8812. Никому не сообщайте", "8812"),
        ("7193 — ваш код для входа в MyShop", "7193"),
        ("Заказ № 150000 оформлен. Код получения 4417", "4417"),
        ("Пароль для входа: 550912. Действует 5 минут", "550912"),
        ("Списание 45000 сум по карте *1234. Код: 6670", "6670"),
        ("С Новым 2026 годом! Скидка 50%", nil),
        ("Кодекс 2026 года", nil),
        ("ПИН-код 773", "773"),
    ]

    private static let english: [(text: String, code: String?)] = [
        ("123-456 is your code", "123456"),
        ("Your OTP is 9921. Order 150000 is waiting.", "9921"),
        ("G-482913 is your Google verification code.", "482913"),
        ("Use code X7K29Q to sign in", "X7K29Q"),
        ("Your password: 400800", "400800"),
        ("Order #150000 shipped on 2026-11-29", nil),
        ("Your code is 747723.\n\n@example.test #747723", "747723"),
        ("Sign in within 10 minutes: 200300", "200300"),
        ("1234 and 5678", "1234"),
    ]

    private static let numbers: [(text: String, code: String?)] = [
        ("123456789", nil), ("", nil), ("Kod 12 34 56", "123456"), ("Kod 123 456 789", nil), ("Kod 12-345", nil),
        ("12:30", nil), ("1.250.000", nil), ("4821", "4821"), ("kod", nil),
    ]

    @Test(arguments: uzbek + russian + english + numbers)
    func `the code is found, and what is no code is not`(sample: (text: String, code: String?)) {
        #expect(CodeFinder.code(in: sample.text) == sample.code)
    }

    @Test func `there are forty texts in three languages`() {
        #expect(Self.uzbek.count + Self.russian.count + Self.english.count >= 40)
    }
}
