"""The letters of languages, the most frequent first. They help to guess the encoding of a text.

Only letters outside ASCII are listed. Their order is approximate; this is enough, because encodings differ in many
letters.
"""

from __future__ import annotations

# Languages in the Latin alphabet.
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
# Languages in other alphabets.
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
# Characters outside ASCII that are a word by themselves, such as the French "à", or a sign between spaces.
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
# Punctuation outside ASCII in English texts, the most frequent first. English has few other characters outside ASCII.
ENGLISH_SIGNS = "’“”—–…‘"
# Signs that occur in texts of all languages, beside words and not inside them.
SIGNS = "“”’‘–—…«»\u00a0„€•°©®™£§№·´¨\u00ad‚›‹½²³×±¿¡†¬¢¥¼¾µ¶¹¯÷¦¨"
# Signs that also occur inside a word, such as the apostrophe.
APOSTROPHES = "’\u00ad·‑‘"
# Signs that stand beside a letter: "m²", "¹³C".
RAISED_DIGITS = "¹²³"
# Signs that may stand before or after a word, without a space.
QUOTES = "“”–—…«»\u00a0„‚›‹"
