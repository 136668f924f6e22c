"""For each language, its letters outside ASCII. They help to guess the encoding of a text.

The most frequent letter comes first. The order need not be exact.
"""

from __future__ import annotations

LATIN = {
    "en": "éèïñöáüçóíêâ",
    "fr": "éèàêçùîâôûœëïÿæü",
    "es": "óíáéñúü¿¡ªº",
    "pt": "ãçáéêóíõúâàôüªº",
    "de": "üäößé",
    "it": "àèùòìéîº",
    "ca": "àèéíòóúçïü·",
    "nl": "ëéïèöüó",
    "da": "øåæéöä",
    "sv": "äåöéü",
    "is": "áðíóþæöúéý",
    "pl": "łęąóżśćńź",
    "cs": "íáěéřčžšýůúňďťó",
    "sk": "áíčéšžýľúťňôóďäŕĺ",
    "hu": "áéöőíóüúű",
    "hr": "čšžćđ",
    "ro": "ăîâțșşţ",
    "tr": "ıüşğçöİâîû",
    "lt": "ėšįųžąčūę",
    "lv": "āīēšņķļūģčž",
    "et": "äõüöšž",
    "vi": "đàáảãạăâêôơưéèíìóòúùýỳạ",
}
OTHER_SCRIPTS = {
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оаниіврелтскдмупязьгбчйхжшюїцщєфґ",
    "bg": "аоиетнрсвлкдпмуъзгбчяцйшжхщюфь",
    "sr": "аоиенртсјвуклдпмзгбчшцћжхњљфђџ",
    "el": "αοιετσνηυρπκμλςίόάέθδγχύήωώβφξζψϊϋΰΐ",
    "he": "יוהלאתרבמשנעדקפחכםגטזןצסךףץ",
    "ar": "اليمنرتبةعدسفقهكحجشطصخءىأإضذثزظغؤئآپچگژ",
    "th": "ารนอกเงมยลวดท่้สตะปบคิีัหแจพชขใไโผุูธศซณ์ื็ถึฟภษฐญฉฎฏฑฒฝฬฮฆฤำๆฯ๊๋ๅ฿",
}
# Characters outside ASCII that often stand alone between spaces, such as the French word "à".
WORDS_OF_ONE_LETTER = {
    "fr": "à",
    "es": "óá¿¡ªº",
    "pt": "éàáóªº",
    "it": "èéàòìº",
    "ca": "àéóí·",
    "da": "øå",
    "sv": "åäö",
    "is": "áí",
    "hu": "ő",
    "lt": "į",
    "vi": LATIN["vi"],
}
# Punctuation outside ASCII in English texts, the most frequent sign first. Other characters outside ASCII are rare in
# English.
ENGLISH_SIGNS = "’“”—–…‘"
# Signs that occur in texts of all languages, the most frequent sign first.
SIGNS = "“”’‘–—…«»\u00a0„€•°©®™£§№·´¨\u00ad‚›‹½²³×±¿¡†¬¢¥¼¾µ¶¹¯÷¦¨"
# Signs that also occur inside a word, such as the apostrophe.
APOSTROPHES = "’\u00ad·‑‘"
# Raised digits, which often stand beside a letter: "m²".
RAISED_DIGITS = "¹²³"
# Signs that stand directly before or after a word, without a space.
QUOTES = "“”–—…«»\u00a0„‚›‹"
