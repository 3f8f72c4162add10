"""A gamebook printed from its parsed copy: the real files at hand are damaged."""

from datetime import date
from pathlib import Path
from textwrap import wrap

ORDER = (
    *("field_goals_made", "field_goals_attempted", "three_pointers_made"),
    *("three_pointers_attempted", "free_throws_made", "free_throws_attempted"),
    *("offensive_rebounds", "defensive_rebounds", "total_rebounds", "assists", "personal_fouls"),
    *("steals", "turnovers", "blocks", "plus_minus", "points"),
)


def lines_of(parsed) -> list[str]:
    day = date.fromisoformat(parsed["date"])
    teams = list(dict.fromkeys(one["team"] for one in parsed["active_players"]))
    head = [
        "NATIONAL BASKETBALL ASSOCIATION",
        "OFFICIAL SCORER'S REPORT",
        f"{day:%A, %B} {day.day}, {day.year} {parsed['arena']}, {parsed['location']}",
    ]
    sides = [_side(*of, parsed) for of in zip(("VISITOR", "HOME"), teams, strict=True)]
    listed = [part for line in _inactive(parsed) for part in wrap(line, 120)]
    return [*head, *sides[0], *sides[1], "SCORE BY PERIOD 1 2 3 4 FINAL", *listed]


def _side(side, team, parsed) -> list[str]:
    played = [one for one in parsed["active_players"] if one["team"] == team]
    out = [one for one in parsed["dnp_players"] if one["team"] == team]
    header = "POS MIN FG FGA 3P 3PA FT FTA OR DR TOT A PF ST TO BS +/- PTS"
    rows = [
        f"{at} {one['name']}{' F' if at <= 5 else ''} {one['stats']['minutes']} "
        + " ".join(str(one["stats"][name]) for name in ORDER)
        for at, one in enumerate(played, 1)
    ]
    sums = (sum(one["stats"][name] for one in played) for name in ORDER if name != "plus_minus")
    totals = "240 " + " ".join(map(str, sums))
    absent = [f"{at} {one['name']} {one['dnp_reason']}" for at, one in enumerate(out, 20)]
    return [f"{side}: {team} (1-1)", header, *rows, *absent, totals, "45.8% 33.3% 78.9% TM REB: 9"]


def inactive(parsed) -> list[dict[str, str]]:
    """The inactive players of both teams.

    The parsed copy of MEM@CLE ran past the end of Memphis's list: the reason of its last player
    swallowed the beginning of Cleveland's list, whose players are there under Memphis as well.
    """
    listed = parsed["inactive_players"]
    home = {(one["name"], one["reason"]) for one in listed if one["team"] == listed[-1]["team"]}
    kept = [
        one
        for one in listed
        if one["team"] == listed[-1]["team"] or (one["name"], one["reason"]) not in home
    ]
    return [one | {"reason": one["reason"].partition(") Inactive:")[0]} for one in kept]


def _inactive(parsed) -> list[str]:
    listed = inactive(parsed)
    teams = list(dict.fromkeys(one["team"] for one in listed))
    return [
        f"Inactive: {team.split()[-1]} - "
        + ", ".join(f"{one['name']} ({one['reason']})" for one in listed if one["team"] == team)
        for team in teams
    ]


def printed(lines: list[str], path: Path) -> Path:
    """A PDF of one page with these lines."""
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    shown = "\n".join(f"({line}) Tj T*" for line in escaped)
    text = f"BT /F1 6 Tf 9 TL 20 770 Td\n{shown}\nET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made = b"%PDF-1.4\n"
    places: list[int] = []
    for at, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    made += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(made)
    return path
