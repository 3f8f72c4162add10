"""Teams by the league's number and by their name."""

from boxout import Measure, ibis
from boxout_nba.names import KINDS

TEAM_IDS = {
    "1610612737": "ATL", "1610612738": "BOS", "1610612751": "BKN", "1610612766": "CHA", "1610612741": "CHI",
    "1610612739": "CLE", "1610612742": "DAL", "1610612743": "DEN", "1610612765": "DET", "1610612744": "GSW",
    "1610612745": "HOU", "1610612754": "IND", "1610612746": "LAC", "1610612747": "LAL", "1610612763": "MEM",
    "1610612748": "MIA", "1610612749": "MIL", "1610612750": "MIN", "1610612740": "NOP", "1610612752": "NYK",
    "1610612760": "OKC", "1610612753": "ORL", "1610612755": "PHI", "1610612756": "PHX", "1610612757": "POR",
    "1610612758": "SAC", "1610612759": "SAS", "1610612761": "TOR", "1610612762": "UTA", "1610612764": "WAS",
}  # fmt: skip
"""The league's number of a team, which outlives its names."""

TEAM_NAMES = {
    "Atlanta Hawks": "ATL", "Boston Celtics": "BOS", "Brooklyn Nets": "BKN", "Charlotte Hornets": "CHA",
    "Chicago Bulls": "CHI", "Cleveland Cavaliers": "CLE", "Dallas Mavericks": "DAL", "Denver Nuggets": "DEN",
    "Detroit Pistons": "DET", "Golden State Warriors": "GSW", "Houston Rockets": "HOU", "Indiana Pacers": "IND",
    "LA Clippers": "LAC", "Los Angeles Clippers": "LAC", "Los Angeles Lakers": "LAL", "Memphis Grizzlies": "MEM",
    "Miami Heat": "MIA", "Milwaukee Bucks": "MIL", "Minnesota Timberwolves": "MIN", "New Orleans Pelicans": "NOP",
    "New York Knicks": "NYK", "Oklahoma City Thunder": "OKC", "Orlando Magic": "ORL", "Philadelphia 76ers": "PHI",
    "Phoenix Suns": "PHX", "Portland Trail Blazers": "POR", "Sacramento Kings": "SAC", "San Antonio Spurs": "SAS",
    "Toronto Raptors": "TOR", "Utah Jazz": "UTA", "Washington Wizards": "WAS",
}  # fmt: skip


def team_of_id(number: Measure) -> Measure:
    """The tricode of a team by the league's number; unknown numbers stay, to be rejected."""
    return number.substitute(TEAM_IDS)


def team_of_name(name: Measure) -> Measure:
    """The tricode of a team by its name, in capitals or not; unknown names are rejected later."""
    return name.upper().substitute({name.upper(): team for name, team in TEAM_NAMES.items()})


def season_of_id(nba_game_id: Measure) -> Measure:
    """The season of a game as 2025-26, by its id: the ids of this century have two digits for it."""
    first = nba_game_id.substr(3, 2).try_cast("int64")
    return (
        ibis.ifelse(first >= 46, first + 1900, first + 2000).cast("string")
        + "-"
        + ((first + 1) % 100).cast("string").lpad(2, "0")
    )


def kind_of_id(nba_game_id: Measure) -> Measure:
    """The phase of the season by the first three digits; null when they are none of these."""
    prefixes = ((prefix, kind) for kind, prefix in KINDS.items())
    return nba_game_id.substr(0, 3).cases(*prefixes, else_=ibis.null("string"))
