"""Sentences in languages whose letters have many encodings."""

RUSSIAN = (
    "Сегодня утром в городе открылась новая библиотека. Её строили шесть лет, и жители района долго ждали этого дня. "
    "Читателям доступны сто тысяч книг, два зала для работы и небольшое кафе с видом на реку."
)
FRENCH = "L’été à la française : déjà vu, naïveté, cœur"
JAPANESE = "日本語の記事です。今日は晴れ。"
CHINESE = "中文标题：图书馆今天开放，欢迎大家前来阅读"
POLISH = "Żółta łódź płynęła cicho, a źródło było już wyschnięte; ćma siadła na gałęzi, gdyż noc była mglista."
SPANISH = "El niño recogió más de diez castañas en el jardín, y después volvió a su habitación. ¿Quién sabe qué pasó?"
PORTUGUESE = "A estação não abriu: há gelo nos trilhos, e os passageiros irão amanhã de manhã."
FRENCH_TEXT = "Les élèves ont été reçus à l'école où leur maître les attendait, près de la forêt brûlée."
GREEK = "Η βιβλιοθήκη άνοιξε σήμερα το πρωί, και οι κάτοικοι της πόλης χάρηκαν πολύ."
HEBREW = "הספרייה נפתחה הבוקר בעיר, ותושבי השכונה שמחו מאוד לבוא אליה."
ITALIAN = "Il mulino è vecchio e perciò è fermo, ma la ruota è già in città: c’è chi può ripararla."
ENGLISH = "“It’s a mill,” she said — the miller’s — and we don’t know why it isn’t turning… “But it’ll turn,” he’d say."
TURKISH = "Yağmur dün gece şehrin üstüne çöktü, ışıklar söndü ve kuşlar sığınacak yer aradı."
