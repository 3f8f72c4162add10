"""The three tables of a game's totals: offense, defense, players."""

from boxout import at_least, count, derived, every_row, exactly, flag, number, text
from boxout_nba import formulas
from boxout_nba.lines import points_lines
from boxout_nba.predicates import (
    SHOOTING,
    allowed,
    has_every_stat,
    has_no_rates,
    has_no_stats,
    lesser,
    makes_within_attempts,
    of_home,
    over_under,
    pace_fits,
    points_add_up,
    rates_fit,
    simple_possessions_fit,
    turnovers_fit,
    zones_add_up,
)
from boxout_nba.tables.columns import (
    COUNTED_MEANS,
    DNP,
    GAME,
    GAME_DATE,
    GAME_ID,
    HOME_GAME,
    IN_GAME,
    IN_PAINT,
    NO_SHOTS,
    OPPONENT,
    RATES,
    REJECT_SHARE_MAX,
    SHOTS_STATE,
    TEAM,
    UNDEFINED,
    known,
    line,
    zone_columns,
    zone_means,
)
from boxout_nba.tables.games import PLAYER_COLUMNS
from boxout_nba.zones import ZONE_COLUMNS

TWO_TEAMS = (
    IN_GAME,
    every_row("home is not away", lambda t: t.team != t.opponent, shown=("team", "opponent")),
    exactly(2, "teams", lambda t: t.team.nunique()),
)
WITHIN_RECORDS = (
    at_least(3, "assists of the team with fewer", lesser("ast")),
    at_least(1, "fouls of the team with fewer", lesser("pf")),
    at_least(1, "steals of both teams", lambda t: t.stl.sum()),
    at_least(1, "defensive rebounds beyond offensive ones", lambda t: t.dreb.sum() - t.oreb.sum()),
)
"""What every game has: in 7,230 real ones the least were 8, 4, 3 and 12."""
STATES = ("agrees", "differs", "absent")
SHOT_CHECKS = (
    known("shots_state", *STATES),
    every_row("zones add up to attempts", zones_add_up, shown=("fga", "fgm", "fg3a", "fg3m")),
)

TEAM_OFFENSE = derived(
    "team_offense_game_summary",
    reject_share_max=REJECT_SHARE_MAX,
    one_row_per="team and game",
    scheme=GAME,
    key=("game_id", "team"),
    columns=(
        GAME_ID,
        GAME_DATE,
        TEAM,
        OPPONENT,
        HOME_GAME,
        flag("win", "whether the team won", formula="PTS > opponent's PTS"),
        count(
            "margin", "own points minus opponent's", unit="points", formula="PTS - opponent's PTS"
        ),
        number("minutes", "minutes of all five positions", unit="minutes"),
        count("overtime_periods", "overtime periods played", formula=formulas.overtime_periods),
        *line(),
        count("tov_with_team", "turnovers as the league counts the team, team turnovers included"),
        number(
            "possessions",
            "Basketball-Reference estimate, both teams averaged",
            formula=formulas.possessions,
        ),
        number(
            "possessions_simple",
            "estimate from the team's own line",
            formula=formulas.possessions_simple,
        ),
        number("pace", "possessions per 48 minutes", formula=formulas.pace),
        number("offensive_rating", "points per 100 possessions", formula=formulas.rating),
        number("opponent_rating", "opponent's points per 100 possessions", formula=formulas.rating),
        *RATES,
        *zone_columns("the team's"),
        SHOTS_STATE,
        count("players_listed", "players listed in the table of player_source"),
        text("box_source", "the table the team's line came from"),
        text("player_source", "the table the players' turnovers came from"),
    ),
    checks=(
        every_row("points add up", points_add_up, shown=("pts", "fgm", "fg3m", "ftm")),
        every_row("makes within attempts", makes_within_attempts),
        every_row("shooting rates are those of the line", rates_fit),
        every_row("pace and ratings are those of the possessions", pace_fits),
        every_row("simple possessions are those of the line", simple_possessions_fit),
        every_row(
            "home is where the key says",
            lambda t: t.home_game == of_home(t),
            shown=("team", "home_game"),
        ),
        every_row(
            "minutes are 240 + 25 per overtime",
            lambda t: (t.overtime_periods >= 0) & (t.minutes == 240 + 25 * t.overtime_periods),
            shown=("minutes", "overtime_periods"),
        ),
        every_row("a win is a positive margin", lambda t: t.win == (t.margin > 0)),
        *TWO_TEAMS,
        exactly(1, "home teams", lambda t: t.home_game.sum()),
        exactly(1, "winners", lambda t: t.win.sum()),
        exactly(0, "sum of margins", lambda t: t.margin.sum()),
        *WITHIN_RECORDS,
        every_row(
            "team turnovers beyond the players', -1 to 6",
            lambda t: (t.tov_with_team - t.tov).between(-1, 6),
            shown=("tov_with_team", "tov"),
        ),
        *SHOT_CHECKS,
    ),
)
TEAM_DEFENSE = derived(
    "team_defense_game_summary",
    reject_share_max=REJECT_SHARE_MAX,
    one_row_per="team and game",
    scheme=GAME,
    key=("game_id", "team"),
    columns=(
        GAME_ID,
        GAME_DATE,
        TEAM,
        OPPONENT,
        *(count(f"{name}_allowed", f"opponent's {COUNTED_MEANS[name]}") for name in SHOOTING),
        count("turnovers_forced", "opponent's players' turnovers"),
        count("stl", "own steals"),
        count("blk", "own blocks"),
        count("dreb", "own defensive rebounds"),
        number("defensive_rating", "points allowed per 100 possessions", formula=formulas.rating),
        number("opponent_pace", "possessions per 48 minutes", formula=formulas.pace),
        number(
            "opponent_ts_pct",
            "opponent's true shooting",
            unit="fraction",
            null=UNDEFINED,
            formula=formulas.ts_pct,
        ),
        number(
            "opponent_efg_pct",
            "opponent's effective field-goal share",
            unit="fraction",
            null=UNDEFINED,
            formula=formulas.efg_pct,
        ),
        *(
            count(f"{name}_allowed", f"opponent's {zone_means(name)}", null=NO_SHOTS)
            for name in ZONE_COLUMNS
        ),
        count(
            "pts_paint_allowed",
            "opponent's points in the paint",
            unit="points",
            null=NO_SHOTS,
            formula=IN_PAINT,
        ),
        SHOTS_STATE,
    ),
    checks=(
        every_row("points allowed add up", lambda t: points_add_up(allowed(t))),
        every_row("rates allowed are those of the line", lambda t: rates_fit(allowed(t))),
        every_row(
            "makes allowed within attempts allowed", lambda t: makes_within_attempts(allowed(t))
        ),
        *TWO_TEAMS,
        known("shots_state", *STATES),
        every_row("zones allowed add up", lambda t: zones_add_up(allowed(t))),
    ),
)

GROUP = "game totals"
NO_TIME = f"{DNP}, or 0:00"
NO_BOX = f"{DNP}, or no box score beside the gamebook"
NO_LINE = f"{DNP}, or no line was seen"
REASONS = ("injury", "rest", "personal", "coach", "suspension", "other")
PLAYER_GAME = derived(
    "player_game_summary",
    reject_share_max=REJECT_SHARE_MAX,
    one_row_per="player listed for the game",
    scheme=GAME,
    key=("game_id", "team", "player_id"),
    columns=(
        *PLAYER_COLUMNS[:2],
        GAME_DATE,
        *PLAYER_COLUMNS[2:],
        flag("win", "whether the player's team won"),
        flag("is_dnp", "whether the player did not play", formula="status is not active"),
        text(
            "dnp_reason_category",
            ", ".join(REASONS),
            null="played",
            formula="by the words of the published reason; other when they name none of these",
        ),
        *RATES,
        number(
            "usage_rate_pct",
            "share of the team's plays while on court",
            unit="percent",
            null=NO_TIME,
            formula=formulas.usage_rate_pct,
        ),
        number(
            "usage_rate_capped_pct",
            "the same, at most 100, as published",
            unit="percent",
            null=NO_TIME,
            formula="the lesser of usage_rate_pct and 100",
        ),
        number(
            "oreb_pct",
            "share of the offensive rebounds to be had while on court",
            unit="percent",
            null=NO_TIME,
            formula=formulas.rebound_pct,
        ),
        number(
            "dreb_pct",
            "share of the defensive rebounds to be had while on court",
            unit="percent",
            null=NO_TIME,
            formula=formulas.rebound_pct,
        ),
        number(
            "reb_pct",
            "share of all rebounds to be had while on court",
            unit="percent",
            null=NO_TIME,
            formula=formulas.rebound_pct,
        ),
        number(
            "ast_pct",
            "share of team mates' makes assisted while on court",
            unit="percent",
            null=f"{NO_TIME}, or {UNDEFINED}",
            formula=formulas.assist_pct,
        ),
        number(
            "stl_pct",
            "opponent's possessions that ended with the player's steal",
            unit="percent",
            null=NO_TIME,
            formula=formulas.steal_pct,
        ),
        number(
            "blk_pct",
            "opponent's two-point attempts that the player blocked",
            unit="percent",
            null=NO_TIME,
            formula=formulas.block_pct,
        ),
        number(
            "tov_pct",
            "turnovers per 100 plays",
            unit="percent",
            null=f"{DNP}, or {UNDEFINED}",
            formula=formulas.turnover_pct,
        ),
        *zone_columns("the player's", f"{DNP}, or {NO_SHOTS}"),
        SHOTS_STATE,
        number(
            "points_line",
            "last line on the player's points before tip-off, the middle one of the bookmakers",
            unit="points",
            null=NO_LINE,
            formula=points_lines,
        ),
        number(
            "points_to_line",
            "points minus line",
            unit="points",
            null=NO_LINE,
            formula="PTS - points_line",
        ),
        text("points_result", "over, under or push", null=NO_LINE, formula=over_under),
        text("player_source", "the table the line came from"),
        count(
            "box_apart",
            "by how much the counts of the line are off those of player_boxscore, added up",
            null=NO_BOX,
            formula="sum of |own - box score's| over the counts of a line",
        ),
        number(
            "box_minutes_apart",
            "by how much the minutes are off those of player_boxscore",
            unit="minutes",
            null=NO_BOX,
            formula="|minutes - box score's|",
        ),
    ),
    checks=(
        every_row("points add up", lambda t: t.is_dnp | points_add_up(t)),
        every_row("makes within attempts", lambda t: t.is_dnp | makes_within_attempts(t)),
        every_row("who played has every stat", lambda t: t.is_dnp | has_every_stat(t)),
        IN_GAME,
        exactly(2, "teams", lambda t: t.team.nunique()),
        every_row("shooting rates are those of the line", lambda t: t.is_dnp | rates_fit(t)),
        every_row("turnover rate is that of the line", lambda t: t.is_dnp | turnovers_fit(t)),
        every_row(
            "usage where there are minutes",
            lambda t: t.is_dnp | (t.minutes == 0) | t.usage_rate_pct.notnull(),
        ),
        every_row(
            "did not play has no stats",
            lambda t: ~t.is_dnp | (has_no_stats(t) & has_no_rates(t)),
        ),
        every_row(
            "a reason where and only where a player did not play",
            lambda t: t.is_dnp == t.dnp_reason_category.notnull(),
            shown=("is_dnp", "dnp_reason_category"),
        ),
        every_row("known reason", lambda t: ~t.is_dnp | t.dnp_reason_category.isin(REASONS)),
        every_row(
            "the result is that of points and line",
            lambda t: (
                t.points_result.isnull() | (t.points_result == over_under(t.pts - t.points_line))
            ),
            shown=("pts", "points_line", "points_result"),
        ),
        every_row(
            "at most 4 counts off the box score",
            lambda t: t.box_apart.isnull() | (t.box_apart <= 4),
            shown=("box_apart", "player_source"),
        ),
        every_row(
            "at most 2.5 minutes off the box score",
            lambda t: t.box_minutes_apart.isnull() | (t.box_minutes_apart <= 2.5),
            shown=("minutes", "box_minutes_apart"),
        ),
        every_row(
            "his shots are those of his line where the team's are",
            lambda t: t.shots_state != "contradicts",
            shown=("fga", "fgm", "shots_state"),
        ),
        known("shots_state", *STATES, "contradicts"),
        every_row("zones add up to attempts", zones_add_up, shown=("fga", "fgm", "fg3a", "fg3m")),
    ),
)
