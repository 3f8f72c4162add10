"""What things are called, fixed once: players, teams, games. Anything else is rejected."""

import re
import unicodedata
from datetime import date
from typing import NewType

from boxout_nba.teams import ALIASES, TRICODES

GameId = NewType("GameId", str)
"""`YYYY-MM-DD/AWY@HOM`: Eastern Time date of tip-off as scheduled, away team, home team."""

NbaGameId = NewType("NbaGameId", str)
"""Ten digits: what kind of game, the season's first year, a number. It stays when a game moves."""

KINDS = {
    "pre-season": "001",
    "regular": "002",
    "all-star": "003",
    "play-offs": "004",
    "play-in": "005",
    "cup final": "006",
}
NBA_GAME_ID = "^00[1-6][0-9]{7}$"
GAME_ID = "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[A-Z]{3}@[A-Z]{3}$"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
}  # fmt: skip
"""Letters that Unicode does not take apart."""

NAME_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x344),
    (0x346, 0x36F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x201F),
    (0x2160, 0x217F),
    (0xFB00, 0xFB06),
    (0xFF01, 0xFF5E),
)
"""The characters that a name may have: Latin letters and their marks, quotes, Roman numerals,
ligatures, full-width forms. What is in no range cannot be looked up."""

_SPELLED = str.maketrans(LETTERS)


def player_lookup(name: str) -> str:
    """The name in [a-z0-9]: no accents, no case, suffixes kept (`Gary Trent Jr.` → garytrentjr).

    Applied to its own result it changes nothing. Empty when the name has no Latin letter.
    """
    words = re.sub(r"\bsenior\b", "sr", plain(name), flags=re.ASCII)
    words = re.sub(r"\bjunior\b", "jr", words, flags=re.ASCII)
    kept = re.sub("[^a-z0-9]", "", words)
    return {"junior": "jr", "senior": "sr"}.get(kept, kept)


def plain(text: str) -> str:
    """The text without case, accents and compatibility forms; letters spelled out."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in apart if unicodedata.category(c)[0] != "M").translate(_SPELLED)


def tricode(code: str) -> str:
    """The official tricode of a team by any publisher's code; ValueError when there is none."""
    official = ALIASES.get(code.upper(), code.upper())
    if official not in TRICODES:
        raise ValueError(f"{code}: not a team of the league")
    return official


def game_id(game_date: str, away: str, home: str) -> GameId:
    """The key of a game; ValueError when the date, a team, or both teams being one forbid it."""
    if not re.fullmatch(_DATE, game_date):
        raise ValueError(f"{game_date}: not a date as YYYY-MM-DD")
    date.fromisoformat(game_date)
    away, home = tricode(away), tricode(home)
    if away == home:
        raise ValueError(f"{home} cannot play against itself")
    return GameId(f"{game_date}/{away}@{home}")


def nba_game_id(kind: str, season: str, number: int) -> NbaGameId:
    """The league's id of a game; `season` as 2025-26, `kind` one of KINDS. ValueError otherwise."""
    if kind not in KINDS or not re.fullmatch(r"[0-9]{4}-[0-9]{2}", season):
        raise ValueError(f"{kind} {season}: no such games")
    if not 0 < number < 100_000:
        raise ValueError(f"game number {number}: 1 to 99,999 expected")
    return NbaGameId(f"{KINDS[kind]}{season[2:4]}{number:05d}")


SEASON_TYPES = {
    "pre season": "pre-season",
    "preseason": "pre-season",
    "regular season": "regular",
    "all star": "all-star",
    "all-star": "all-star",
    "playoffs": "play-offs",
    "playoff": "play-offs",
    "play in": "play-in",
    "playin": "play-in",
    "in-season tournament final": "cup final",
} | {kind: kind for kind in KINDS}
"""What publishers call the phases of a season, in lower case."""
