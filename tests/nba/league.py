"""A small season as stats.nba.com answers for it, made of simulated games; nobody is asked."""

import json
from datetime import date, timedelta

from boxout import Unanswered
from boxout_nba.readers.box_scores import STATISTICS
from boxout_nba.readers.ids import TEAM_IDS
from boxout_nba.simulator import gamebook_rows, play, schedule_rows, simulate_night, team_rows

SEED = 7
FIRST = date(2026, 2, 3)
NUMBERS = {team: int(number) for number, team in TEAM_IDS.items()}
OFFLINE = Unanswered("stats.nba.com cannot be reached: ConnectionError", is_passing=True)
BUSY = Unanswered("stats.nba.com is asked too much (429)", is_passing=True, wait_s=30)


class League:
    """Nights of games, all final. `wrong` says by endpoint and game what comes instead, in order."""

    def __init__(self, nights=3, games=2) -> None:
        days = [(FIRST + timedelta(n)).isoformat() for n in range(nights)]
        found = [one for day in days for one in simulate_night(SEED, day, games=games)]
        self.games = {row["nba_game_id"]: row for row in schedule_rows(found)}
        self.asked: list[tuple[str, str]] = []
        self.at: list[float] = []
        self.wrong: dict[tuple[str, str], list[object]] = {}
        self.is_offline = False
        self.now_s = 0.0

    def ask(self, request) -> bytes:
        endpoint = request.asked["endpoint"]
        key = (endpoint, request.asked.get("game_id", ""))
        self.asked.append(key)
        self.at.append(self.now_s)
        if self.is_offline:
            raise OFFLINE
        found = self.wrong[key].pop(0) if self.wrong.get(key) else None
        if isinstance(found, BaseException):
            raise found
        return found if isinstance(found, bytes) else json.dumps(self.answer(*key)).encode()

    def answer(self, endpoint, nba_game_id):
        if endpoint == "ScheduleLeagueV2":
            return self.schedule()
        game = self.games[nba_game_id]
        return (self.box if endpoint == "BoxScoreTraditionalV3" else self.plays)(game)

    def sleep(self, seconds) -> None:
        self.now_s += seconds

    def schedule(self):
        days = sorted({row["game_date"] for row in self.games.values()})
        listed = [[*map(_listed, self._of(day))] for day in days]
        dates = [{"gameDate": day, "games": games} for day, games in zip(days, listed, strict=True)]
        return {"meta": {}, "leagueSchedule": {"seasonYear": "2025-26", "gameDates": dates}}

    def _of(self, day):
        return [row for row in self.games.values() if row["game_date"] == day]

    def box(self, game):
        played = play(SEED, game["away_team"], game["home_team"], game["game_id"])
        players, teams = (of(game["game_id"], played) for of in (gamebook_rows, team_rows))
        sides = {
            f"{side}Team": {
                "teamTricode": team["team"],
                "statistics": _line(team),
                "players": [_player(one) for one in players if one["team"] == team["team"]],
            }
            for side in ("away", "home")
            for team in teams
            if team["team"] == game[f"{side}_team"]
        }
        return {"meta": {}, "boxScoreTraditional": {"gameId": game["nba_game_id"], **sides}}

    def plays(self, game):
        players = self.box(game)["boxScoreTraditional"]["homeTeam"]["players"]
        shot = {
            "actionNumber": 7, "clock": "PT11M40.00S", "period": 1, "teamTricode": game["home_team"],
            "teamId": NUMBERS[game["home_team"]], "personId": players[0]["personId"],
            "playerName": players[0]["familyName"], "playerNameI": "A. B", "xLegacy": 0, "yLegacy": 10,
            "shotDistance": 1, "shotResult": "Made", "isFieldGoal": 1, "shotValue": 2,
            "description": "Layup", "actionType": "Made Shot", "subType": "Layup", "actionId": 1,
        }  # fmt: skip
        inner = {"gameId": game["nba_game_id"], "videoAvailable": 0, "actions": [shot]}
        return {"meta": {}, "game": inner}


def _listed(row):
    teams = {
        f"{side}Team": {"teamId": NUMBERS.get(row[f"{side}_team"], 0), "teamTricode": row[f"{side}_team"]}
        for side in ("home", "away")
    }  # fmt: skip
    states = {"scheduled": 1, "live": 2, "final": 3, "postponed": 1}
    return {
        "gameId": row["nba_game_id"], "gameStatus": states[row["status"]],
        "gameStatusText": "PPD" if row["status"] == "postponed" else "Final",
        "gameDateEst": f"{row['game_date']}T00:00:00Z", "gameDateTimeUTC": f"{row['game_date']}T23:30:00Z",
        "arenaName": "", "postponedStatus": "P" if row["status"] == "postponed" else "A",
        "isNeutral": False, **teams,
    }  # fmt: skip


def _line(row):
    told = "" if row["minutes"] is None else _clock(row["minutes"])
    points = {"plusMinusPoints": row.get("plus_minus") or 0}
    return {"minutes": told, **{name: row[own] or 0 for own, name in STATISTICS.items()}, **points}


def _clock(minutes):
    return f"{int(minutes)}:{round(minutes % 1 * 60):02}"


def _player(row):
    first, _, last = row["player_name"].partition(" ")
    return {
        "personId": row["player_id"], "firstName": first, "familyName": last,
        "position": "G" if row["starter"] == "true" else "",
        "comment": row["dnp_reason"], "statistics": _line(row),
    }  # fmt: skip
