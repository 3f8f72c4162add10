"""One name for one player, however it is spelled."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "ı": "i", "Ø": "o", "Ł": "l", "Đ": "d", "ẞ": "ss"}
)


def player_lookup(name: str) -> str:
    """The name in [a-z0-9]: no accents, no case, suffixes kept (`Gary Trent Jr.` → garytrentjr)."""
    text = unicodedata.normalize("NFKC", name).translate(_LETTERS)
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    text = re.sub(r"\bjunior\b", "jr", re.sub(r"\bsenior\b", "sr", text))
    return re.sub("[^a-z0-9]", "", text)
