"""Players, teams and games have one name each, in Python and in the warehouse."""

import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boxout import ibis
from boxout_nba.names import (
    KINDS,
    NAME_RANGES,
    game_id,
    nba_game_id,
    player_lookup,
    tricode,
)
from boxout_nba.spelling import game_key, is_no_game_id, lookup
from boxout_nba.spelling import tricode as tricode_of
from boxout_nba.teams import ALIASES, TRICODES

CROSSWALK = Path(__file__).parents[3] / "shared" / "data" / "nba" / "crosswalk" / "players.parquet"
LETTERS = [chr(at) for first, last in NAME_RANGES for at in range(first, last + 1)]
letters = st.sampled_from(LETTERS)
parts = st.sampled_from(
    ["Junior", "SENIOR", "jr.", "Sr.", "II", "III", "IV", " ", "-", "'", "ß", "İ"]
)
names = st.lists(st.one_of(letters, parts), max_size=12).map("".join)
dates = st.dates().map(lambda day: day.isoformat())
teams = st.sampled_from(TRICODES)


@pytest.fixture(scope="module")
def in_warehouse():
    """What the expressions say of many texts at once."""
    connection = duckdb.connect()

    def ask(of, *columns):
        text = ibis.table({f"c{at}": "string" for at in range(len(columns))}, name="asked")
        expression = text.select(said=of(*(text[f"c{at}"] for at in range(len(columns)))))
        unnested = ", ".join(f"unnest($c{at}::VARCHAR[]) AS c{at}" for at in range(len(columns)))
        sql = f"WITH asked AS (SELECT {unnested}) {ibis.to_sql(expression, dialect='duckdb')}"
        given_columns = {f"c{at}": list(column) for at, column in enumerate(columns)}
        return [row[0] for row in connection.execute(sql, given_columns).fetchall()]

    yield ask
    connection.close()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Gary Trent Jr.", "garytrentjr"),
        ("Gary Trent Junior", "garytrentjr"),
        ("Xavier Tillman Sr.", "xaviertillmansr"),
        ("Xavier Tillman, Senior", "xaviertillmansr"),
        ("Trey Jemison III", "treyjemisoniii"),
        ("Trey Jemison Ⅲ", "treyjemisoniii"),
        ("Wade Baldwin IV", "wadebaldwiniv"),
        ("Nikola Jokić", "nikolajokic"),
        ("Jokic\u0301", "jokic"),
        ("Kristaps Porziņģis", "kristapsporzingis"),
        ("Dennis Schröder", "dennisschroder"),
        ("Franz Fuß", "franzfuss"),
        ("FRANZ FUẞ", "franzfuss"),
        ("Ömer Aşık", "omerasik"),
        ("Ersan İlyasova", "ersanilyasova"),
        ("Søren Jørgensen", "sorenjorgensen"),
        ("Jakub Łoś", "jakublos"),
        ("Đorđe Ilić", "dordeilic"),
        ("Ægir Þór Steinarsson", "aegirthorsteinarsson"),
        ("Sir'Jabari Rice", "sirjabaririce"),
        ("Sir’Jabari Rice", "sirjabaririce"),
        ("Timothé Luwawu-Cabarrot", "timotheluwawucabarrot"),
        ("ﬁnn ﬂoyd", "finnfloyd"),
        ("ＬｅＢｒｏｎ Ｊａｍｅｓ", "lebronjames"),
        ("  A.J.\u00a0Green ", "ajgreen"),
    ],
)
def test_a_name_is_looked_up_without_accents_and_with_its_suffix(name, found):
    assert player_lookup(name) == found


@given(st.text())
@example("jun ior")
@example("SEN-IOR")
def test_looking_up_a_lookup_changes_nothing(name):
    found = player_lookup(name)
    assert player_lookup(found) == found


@given(st.text())
def test_a_lookup_has_only_small_letters_and_digits(name):
    assert set(player_lookup(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


@given(names, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_a_lookup_does_not_depend_on_how_a_name_is_encoded(name, form):
    assert player_lookup(unicodedata.normalize(form, name)) == player_lookup(name)


@given(names)
def test_a_lookup_does_not_depend_on_case(name):
    assert player_lookup(name.upper()) == player_lookup(name.lower()) == player_lookup(name)


@pytest.mark.parametrize(
    "around", ["{}", "a{}b", "Al {}Junior", "Al Junior{}", "Sen{}ior", "{}\u0301"]
)
def test_the_warehouse_looks_up_every_letter_that_a_name_may_have(in_warehouse, around):
    asked = [around.format(letter) for letter in LETTERS]
    found = in_warehouse(lookup, asked)
    differ = [
        (name, there, player_lookup(name))
        for name, there in zip(asked, found, strict=True)
        if there != player_lookup(name)
    ]
    assert differ == []


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=40))
def test_the_warehouse_looks_up_generated_names_as_python_does(in_warehouse, asked):
    assert in_warehouse(lookup, asked) == [player_lookup(name) for name in asked]


@pytest.mark.skipif(not CROSSWALK.is_file(), reason="the real names are not beside the project")
def test_the_warehouse_looks_up_every_real_name_as_python_does(in_warehouse):
    sql = "SELECT unnest([bref_name, nba_name]) AS name FROM read_parquet(?)"
    real = [r[0] for r in duckdb.execute(sql, [str(CROSSWALK)]).fetchall() if r[0]]
    assert len(real) > 2000
    assert in_warehouse(lookup, real) == [player_lookup(name) for name in real]


@pytest.mark.parametrize("name", ["Иван", "ΝΙΚΟΣ", "姚明", "Al\u200bBo", "Al\tBo", "Ma𝐱"])
def test_the_warehouse_does_not_guess_a_name_that_it_cannot_spell(in_warehouse, name):
    assert in_warehouse(lookup, [name]) == [None]


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_is_the_official_code(in_warehouse, alias):
    official = ALIASES[alias]
    assert tricode(alias) == tricode(alias.lower()) == tricode(official) == official
    assert in_warehouse(tricode_of, [alias, alias.lower()]) == [official, official]


@given(st.text(max_size=4).filter(lambda code: code.upper() not in {*TRICODES, *ALIASES}))
def test_an_unknown_team_is_rejected(code):
    with pytest.raises(ValueError, match="not a team of the league"):
        tricode(code)


@given(dates, teams, teams)
def test_a_game_has_one_id_that_names_its_date_and_teams(day, away, home):
    if away == home:
        with pytest.raises(ValueError, match="against itself"):
            game_id(day, away, home)
        return
    key = game_id(day, away, home)
    assert key == f"{day}/{away}@{home}"
    assert key != game_id(day, home, away)


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "2026-2-3", "20260203", "2026-W06-2", "2026-02-03 22:30", "٢٠٢٦-02-03", ""],
)
def test_a_game_without_a_real_date_has_no_id(day):
    with pytest.raises(ValueError, match=r"not a date|day is out of range|must be in range"):
        game_id(day, "BOS", "LAL")


@settings(deadline=None)
@given(st.lists(st.tuples(dates, st.sampled_from([*TRICODES, *ALIASES]), teams), min_size=1))
def test_the_warehouse_gives_the_same_ids(in_warehouse, games):
    games = [g for g in games if tricode(g[1]) != g[2]] or [("2026-02-03", "PHO", "POR")]
    assert in_warehouse(game_key, *zip(*games, strict=True)) == [game_id(*game) for game in games]


@pytest.mark.parametrize(
    ("key", "is_refused"),
    [
        ("2026-02-03/PHX@POR", False),
        ("2026-02-30/PHX@POR", True),
        ("2026-02-03/phx@por", True),
        ("2026-02-03/PHX-POR", True),
        ("PHX@POR/2026-02-03", True),
        (" 2026-02-03/PHX@POR", True),
        ("2026-02-03/PHX@POR\n", True),
    ],
)
def test_a_game_id_has_one_form(in_warehouse, key, is_refused):
    assert in_warehouse(is_no_game_id, [key]) == [is_refused]


@given(st.sampled_from(sorted(KINDS)), st.integers(1, 99_999))
def test_a_league_id_is_ten_digits_that_begin_with_the_kind_of_game(kind, number):
    made = nba_game_id(kind, "2025-26", number)
    assert made == f"{KINDS[kind]}25{number:05d}"
    assert len(made) == 10


@pytest.mark.parametrize(
    "asked", [("friendly", "2025-26", 1), ("regular", "2025", 1), ("regular", "2025-26", 0)]
)
def test_a_league_id_of_no_game_is_refused(asked):
    with pytest.raises(ValueError, match=r"no such games|1 to 99,999 expected"):
        nba_game_id(*asked)
