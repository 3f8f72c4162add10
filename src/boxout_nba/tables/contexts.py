"""What is known of a game before it is played: by team and by player."""

from boxout import count, derived, every_row, exactly, flag, number, text
from boxout_nba.lines import points_lines
from boxout_nba.names import KINDS
from boxout_nba.tables.columns import (
    DATE,
    GAME_DATE,
    GAME_ID,
    HOME_GAME,
    IN_GAME,
    OPPONENT,
    PLAYER_ID,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    REJECT_SHARE_MAX,
    TEAM,
    known,
)

FIRST = "no earlier game this season"
NO_REPORT = "no injury report has arrived"
NO_LINES = "no line was seen"
GAPS = ("full", "bootstrap", "gap")

TEAM_CONTEXT = derived(
    "upcoming_team_game_context",
    reject_share_max=REJECT_SHARE_MAX,
    one_row_per="team and game on the date",
    scheme=DATE,
    key=("game_date", "game_id", "team"),
    columns=(
        GAME_DATE,
        GAME_ID,
        TEAM,
        OPPONENT,
        HOME_GAME,
        text("season", "2025-26"),
        text("season_type", "phase of the season: " + ", ".join(KINDS)),
        count(
            "days_rest",
            "whole days since the previous game; 0 is a back-to-back",
            unit="days",
            null=FIRST,
            formula="date - date of the previous game - 1",
        ),
        flag("back_to_back", "whether the team played on the day before", formula="days_rest = 0"),
        count("games_last_7", "games in the 7 days before the date", unit="games"),
        count("games_last_14", "games in the 14 days before the date", unit="games"),
        count("game_number", "place among the team's games of the season, from 1"),
        count(
            "results_missing",
            "earlier games of the season whose totals are not public",
            unit="games",
        ),
        count(
            "streak",
            "wins in a row up to the last game, or losses as a negative number",
            unit="games",
            null=f"{FIRST}, or a result that it rests on is missing",
            formula="wins since the last loss, or losses since the last win with a minus",
        ),
        count(
            "last_margin",
            "margin of the last game",
            unit="points",
            null=f"{FIRST}, or its result is missing",
        ),
        number(
            "travel_miles",
            "great circle from the previous game's arena",
            unit="miles",
            null=f"{FIRST}, or an arena's place is not known",
            formula="great-circle distance between both arenas' coordinates",
        ),
        count(
            "time_zones_crossed",
            "hours by which the clocks of both arenas differ on the date",
            unit="hours",
            null=f"{FIRST}, or an arena's place is not known",
            formula="difference of both arenas' offsets from UTC on the date",
        ),
        count(
            "road_games_in_a_row", "away games in a row, this one included; 0 at home", unit="games"
        ),
        number(
            "spread",
            "points the team gives; negative when favoured, latest line",
            unit="points",
            null=NO_LINES,
        ),
        number(
            "spread_move",
            "movement of the spread",
            unit="points",
            null=NO_LINES,
            formula="latest spread - first one seen",
        ),
        number("total", "points of both teams, latest line", unit="points", null=NO_LINES),
        number(
            "total_move",
            "movement of the total",
            unit="points",
            null=NO_LINES,
            formula="latest total - first one seen",
        ),
        count(
            "starters_out",
            "of the five who started most of the last ten games, reported out",
            null=f"{NO_REPORT}, or {FIRST}",
        ),
    ),
    checks=(
        IN_GAME,
        exactly(0, "games without two teams", lambda t: t.count() - 2 * t.game_id.nunique()),
        every_row("known phase", lambda t: t.season_type.isin(list(KINDS))),
        every_row(
            "a back-to-back has no rest",
            lambda t: t.back_to_back == (t.days_rest.fill_null(99) == 0),
        ),
        every_row("no negative rest", lambda t: t.days_rest.isnull() | (t.days_rest >= 0)),
        every_row("seven days are among fourteen", lambda t: t.games_last_7 <= t.games_last_14),
        every_row(
            "the first game has nothing before it",
            lambda t: (t.game_number == 1) == t.days_rest.isnull(),
        ),
        every_row("no road trip at home", lambda t: t.home_game == (t.road_games_in_a_row == 0)),
        every_row(
            "miles are on earth",
            lambda t: t.travel_miles.isnull() | t.travel_miles.between(0, 12_500),
        ),
    ),
)


def _average(of: str, games: int, unit: str):
    return number(
        f"{of}_avg_{games}",
        f"{of} per game over the last {games} games played",
        unit=unit,
        null="no game played, or none counts",
        formula="mean over the games of the window that are public",
    )


def _averages(games: int):
    return (
        _average("pts", games, "points"),
        _average("usage_rate_pct", games, "percent"),
        _average("minutes", games, "minutes"),
        count(f"played_{games}", f"games in the averages, at most {games}", unit="games"),
        number(
            f"window_share_{games}",
            f"games in the averages per {games}",
            unit="fraction",
            formula=f"played_{games} / {games}",
        ),
        text(
            f"window_state_{games}",
            "full; bootstrap (so many games do not exist yet); gap (a game among them is missing)",
        ),
    )


PLAYER_CONTEXT = derived(
    "upcoming_player_game_context",
    reject_share_max=REJECT_SHARE_MAX,
    one_row_per="player expected to play",
    scheme=DATE,
    key=("game_date", "game_id", "team", "player_id"),
    columns=(
        GAME_DATE,
        GAME_ID,
        TEAM,
        OPPONENT,
        PLAYER_LOOKUP,
        PLAYER_ID,
        PLAYER_NAME,
        count("teams_on_date", "teams that play on the date", unit="teams"),
        text("expected_by", "rosters, or last_game: listed in the team's last public game"),
        text("report_status", "in the injury report", null=f"not listed, or {NO_REPORT}"),
        count(
            "days_rest",
            "whole days since the team's previous game; 0 is a back-to-back",
            unit="days",
            null=FIRST,
            formula="date - date of the previous game - 1",
        ),
        count(
            "days_since_played",
            "whole days since the player last played",
            unit="days",
            null="has not played this season",
            formula="date - date of the player's last game played - 1",
        ),
        count("games_last_7", "games played in the 7 days before the date", unit="games"),
        count("games_last_14", "games played in the 14 days before the date", unit="games"),
        number("minutes_last_7", "minutes in the 7 days before the date", unit="minutes"),
        number("minutes_last_14", "minutes in the 14 days before the date", unit="minutes"),
        *_averages(5),
        *_averages(10),
        number(
            "opponent_pace_10",
            "opponent's pace over its last 10 public games",
            null="none is public",
            formula="mean of pace over those games",
        ),
        number(
            "opponent_offensive_rating_10",
            "opponent's points per 100 possessions, same games",
            null="none is public",
            formula="mean of offensive_rating over those games",
        ),
        number(
            "opponent_defensive_rating_10",
            "opponent's points allowed per 100 possessions, same games",
            null="none is public",
            formula="mean of defensive_rating over those games",
        ),
        count(
            "stars_out",
            "team mates with 20 points a game over their last ten, reported out",
            null=NO_REPORT,
        ),
        number(
            "points_line",
            "latest line on the player's points, the middle one of the bookmakers",
            unit="points",
            null=NO_LINES,
            formula=points_lines,
        ),
        count(
            "over_streak",
            "results over the points line in a row up to the last game, or under as a negative number",
            unit="games",
            null="no earlier line",
        ),
    ),
    checks=(
        IN_GAME,
        known("expected_by", "rosters", "last_game"),
        exactly(
            0,
            "teams of the date without expected players",
            lambda t: t.teams_on_date.max() - t.team.nunique(),
        ),
        *(
            check
            for games in (5, 10)
            for check in (
                known(f"window_state_{games}", *GAPS),
                every_row(
                    f"at most {games} games in the window",
                    lambda t, n=games: t[f"played_{n}"].between(0, n),
                ),
                every_row(
                    f"averages where games of {games} are",
                    lambda t, n=games: (t[f"played_{n}"] > 0) == t[f"pts_avg_{n}"].notnull(),
                ),
            )
        ),
        every_row(
            "seven days are among fourteen",
            lambda t: (t.games_last_7 <= t.games_last_14) & (t.minutes_last_7 <= t.minutes_last_14),
        ),
    ),
)
