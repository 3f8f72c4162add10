"""Names as expressions: in the warehouse what `names` says in Python, letter for letter."""

import re
import unicodedata
from functools import cache, reduce

from boxout import Measure, Predicate, Rows, ibis
from boxout_nba.names import GAME_ID, NAME_RANGES, NBA_GAME_ID, SEASON_TYPES, plain
from boxout_nba.teams import ALIASES, TRICODES

_ASCII = r"^[\x00-\x7F]*$"
_KEPT = "[a-z0-9_]"


def tricode(team: Measure) -> Measure:
    """The official tricode of a team; unknown codes stay as they are, to be rejected."""
    return team.upper().substitute(ALIASES)


def season_type(label: Measure) -> Measure:
    """The phase of the season by any publisher's label; unknown ones stay, to be rejected."""
    return label.lower().substitute(SEASON_TYPES)


def is_true(text: Measure) -> Predicate:
    """A flag of a file as true, false, or null when it says neither."""
    return text.lower().cases(("true", True), ("false", False), else_=ibis.null("boolean"))


def game_key(game_date: Measure, away: Measure, home: Measure) -> Measure:
    """The canonical game id, null when a part of it is."""
    return game_date.substr(0, 10) + "/" + tricode(away) + "@" + tricode(home)


def game_key_of_side(rows: Rows) -> Measure:
    """The canonical game id of a row that knows its date, team, opponent and side."""
    is_home = is_true(rows.is_home)
    away = ibis.cases((is_home, rows.opponent), (~is_home, rows.team), else_=ibis.null("string"))
    home = ibis.cases((is_home, rows.team), (~is_home, rows.opponent), else_=ibis.null("string"))
    return game_key(rows.game_date, away, home)


def lookup(name: Measure) -> Measure:
    """`player_lookup` of a name; null when it has a character that no name may have."""
    words = ibis.ifelse(name.re_search(_ASCII), name.lower(), _plain(name))
    words = words.re_replace(r"\bsenior\b", "sr").re_replace(r"\bjunior\b", "jr")
    kept = words.re_replace("[^a-z0-9]", "").substitute({"junior": "jr", "senior": "sr"})
    return ibis.ifelse(has_foreign_letter(name), ibis.null("string"), kept)


def has_foreign_letter(name: Measure) -> Predicate:
    """Whether a name has a character outside the ranges that can be looked up."""
    allowed = "".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in NAME_RANGES)
    return name.re_search(f"[^{allowed}]")


def _plain(name: Measure) -> Measure:
    bare = _strip_accents()(name.lower())
    one, several = spelled_out()
    bare = bare.translate("".join(one), "".join(one.values()))
    return reduce(lambda text, pair: text.replace(*pair), several.items(), bare)


@cache
def spelled_out() -> tuple[dict[str, str], dict[str, str]]:
    """Letters that lose neither case nor accents by themselves: to one letter, and to several."""
    letters = (chr(at) for first, last in NAME_RANGES for at in range(first, last + 1))
    apart = (unicodedata.normalize("NFD", letter.lower()) for letter in letters)
    bare = ("".join(c for c in text if unicodedata.category(c)[0] != "M") for text in apart)
    needed = {
        text: plain(text) for text in bare if re.search(_KEPT, plain(text)) and text != plain(text)
    }
    one = {letter: by for letter, by in needed.items() if len(by) == 1}
    return one, {letter: by for letter, by in needed.items() if len(by) > 1}


def _strip_accents():
    @ibis.udf.scalar.builtin
    def strip_accents(text: str) -> str: ...

    return strip_accents


def is_unknown_team(rows: Rows) -> Predicate:
    """Whether a team of the row's game is not a team of the league."""
    away, home = rows.game_id.substr(11, 3), rows.game_id.substr(15, 3)
    return ~(away.isin(TRICODES) & home.isin(TRICODES))


def is_no_game_id(key: Measure) -> Predicate:
    """Whether a game id is not of the one form, or its date is no date."""
    has_no_date = key.substr(0, 10).try_cast("date").isnull()
    return ~key.re_search(GAME_ID) | has_no_date


def is_no_nba_game_id(given: Measure) -> Predicate:
    """Whether a league id is not ten digits of a known kind; null when none is given."""
    return ~given.re_search(NBA_GAME_ID)
