"""Names are brought into one form once: again changes nothing, and what has no form is refused."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from boxout import ibis
from boxout_nba.names import KINDS, NBA_GAME_ID, game_id, nba_game_id, player_lookup, tricode
from boxout_nba.readers.rejects import SCHEDULE_REJECTS
from boxout_nba.spelling import game_key, is_no_game_id, is_no_nba_game_id, lookup
from boxout_nba.spelling import tricode as tricode_of
from boxout_nba.teams import ALIASES, TRICODES

REAL = Path(__file__).parents[3] / "shared" / "data" / "nba"
ASCII = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20)
words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=8)
codes = st.sampled_from([*TRICODES, *ALIASES])
dates = st.dates().map(lambda day: day.isoformat())
games = st.tuples(dates, codes, codes).filter(lambda g: tricode(g[1]) != tricode(g[2]))
SUFFIXES = {
    "Jr.": "jr", "jr": "jr", "JR.": "jr", "Junior": "jr", "Sr.": "sr", "Senior": "sr",
    "II": "ii", "III": "iii", "IV": "iv",
}  # fmt: skip
ROMAN = {"Ⅰ": "i", "Ⅱ": "ii", "Ⅲ": "iii", "Ⅳ": "iv", "Ⅴ": "v", "ⅰ": "i", "ⅱ": "ii", "ⅲ": "iii"}
MARKS = [chr(at) for at in range(0x300, 0x345)]


@pytest.fixture(scope="module")
def asked():
    """What an expression says of many rows of text at once."""
    with duckdb.connect() as connection:

        def ask(of, rows):
            names = [f"c{at}" for at in range(len(rows[0]))]
            table = ibis.table(dict.fromkeys(names, "string"), name="rows")
            sql = ibis.to_sql(table.select(said=of(*(table[n] for n in names))), dialect="duckdb")
            unnested = ", ".join(f"unnest($c{at}::VARCHAR[]) AS c{at}" for at in range(len(names)))
            columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
            text = f"WITH rows AS (SELECT {unnested}) {sql}"
            return [row[0] for row in connection.execute(text, columns).fetchall()]

        yield ask


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else c for c in text)


@given(ASCII)
def test_a_name_in_full_width_letters_is_the_same_name(name):
    assert player_lookup(full_width(name)) == player_lookup(name)


@given(words, st.lists(st.sampled_from(MARKS), max_size=5), st.integers(0, 8))
def test_no_mark_over_a_letter_changes_a_name(name, marks, at):
    assert player_lookup(name[:at] + "".join(marks) + name[at:]) == player_lookup(name)


@given(words, words, st.sampled_from(sorted(SUFFIXES)))
def test_a_suffix_stays_in_one_form(first, last, suffix):
    assert player_lookup(f"{first} {last} {suffix}").endswith(SUFFIXES[suffix])
    assert player_lookup(f"{first} {last}, {suffix}") == player_lookup(f"{first} {last} {suffix}")


@given(words, words, st.sampled_from(["Jr.", "Sr.", "II", "III", "IV"]))
def test_who_has_a_suffix_is_not_who_has_none(first, last, suffix):
    assume(first != "junior" and last not in {"junior", "senior"})
    assert player_lookup(f"{first} {last} {suffix}") != player_lookup(f"{first} {last}")


@given(words, st.sampled_from(sorted(ROMAN)))
def test_a_roman_numeral_of_one_character_is_its_letters(name, numeral):
    assert player_lookup(f"{name} {numeral}") == player_lookup(f"{name} {ROMAN[numeral]}")


@given(words, words)
def test_a_sharp_s_is_two(first, last):
    assert player_lookup(f"{first}ß{last}") == player_lookup(f"{first}ss{last}")


@settings(deadline=None)
@given(st.lists(words.map(lambda name: f"{name} ß Ⅲ"), min_size=1))
def test_the_warehouse_does_the_same_again_and_changes_nothing(asked, names):
    once = asked(lookup, [(name,) for name in names])
    assert asked(lookup, [(name,) for name in once]) == once == [player_lookup(n) for n in names]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real seasons are not beside the project")
@pytest.mark.parametrize("table", ["player_box", "bref_player_box", "shots"])
def test_the_warehouse_looks_up_every_name_of_the_real_seasons_as_python_does(asked, table):
    files = str(REAL / table / "*.parquet")
    has = [row[0] for row in duckdb.execute("DESCRIBE FROM read_parquet(?)", [files]).fetchall()]
    column = "player_name" if "player_name" in has else "player"
    sql = f'SELECT DISTINCT "{column}" FROM read_parquet(?) WHERE "{column}" IS NOT NULL'
    real = [row[0] for row in duckdb.execute(sql, [files]).fetchall()]
    assert len(real) > 500
    assert asked(lookup, [(name,) for name in real]) == [player_lookup(name) for name in real]


@given(codes)
def test_the_code_of_a_code_is_itself(code):
    assert tricode(tricode(code)) == tricode(code) == tricode(code.lower())
    assert tricode(code) in TRICODES


@settings(deadline=None)
@given(st.lists(st.tuples(codes), min_size=1))
def test_the_warehouse_gives_the_code_of_a_code(asked, rows):
    once = asked(tricode_of, rows)
    assert asked(tricode_of, [(code,) for code in once]) == once == [tricode(c) for (c,) in rows]


@given(games)
def test_the_id_of_the_parts_of_an_id_is_that_id(game):
    made = game_id(*game)
    assert game_id(made[:10], made[11:14], made[15:]) == made


@settings(deadline=None)
@given(st.lists(games, min_size=1))
def test_an_id_that_was_made_has_the_one_form(asked, rows):
    made = asked(game_key, rows)
    assert made == [game_id(*game) for game in rows]
    assert asked(is_no_game_id, [(key,) for key in made]) == [False] * len(rows)


@settings(deadline=None)
@given(st.lists(games, min_size=1))
def test_home_before_away_is_rejected_whatever_the_game(asked, rows):
    reversed_ = SCHEDULE_REJECTS["game id is reversed"]

    def is_reversed(key, day, away, home):
        row = {"game_id": key, "game_date": day, "away_team": away, "home_team": home}
        return reversed_(_Columns(row))

    parts = [(day, tricode(away), tricode(home)) for day, away, home in rows]
    turned = [(game_id(day, home, away), day, away, home) for day, away, home in parts]
    right = [(game_id(*game), *game) for game in parts]
    assert asked(is_reversed, turned) == [True] * len(rows)
    assert asked(is_reversed, right) == [False] * len(rows)


class _Columns:
    """Columns by name, as a row expression has them."""

    def __init__(self, columns) -> None:
        self.__dict__.update(columns)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text(st.characters(exclude_characters="\0", codec="utf-8"))), min_size=1)
)
def test_text_of_any_other_form_is_no_game_id(asked, rows):
    def is_made(key):
        try:
            return game_id(key[:10], key[11:14], key[15:]) == key
        except ValueError:
            return False

    said = asked(is_no_game_id, rows)
    assert [refused for (key,), refused in zip(rows, said, strict=True) if not is_made(key)] == [
        True for (key,) in rows if not is_made(key)
    ]


@settings(deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.integers(1946, 2098), st.integers(1, 99_999))
def test_a_league_id_that_was_made_has_its_form(asked, kind, year, number):
    made = nba_game_id(kind, f"{year}-{(year + 1) % 100:02d}", number)
    assert made == f"{KINDS[kind]}{year % 100:02d}{number:05d}"
    assert asked(is_no_nba_game_id, [(made,)]) == [False]


@settings(deadline=None)
@given(st.from_regex(NBA_GAME_ID, fullmatch=True), st.integers(0, 10), st.sampled_from("0x٣ -"))
def test_a_league_id_with_a_character_more_is_rejected(asked, made, at, more):
    assert asked(is_no_nba_game_id, [(made[:at] + more + made[at:],)]) == [True]


@pytest.mark.parametrize("given_id", ["0072500001", "0002500001", "22500001", "1022500001", ""])
def test_a_league_id_of_no_known_kind_is_rejected(asked, given_id):
    assert asked(is_no_nba_game_id, [(given_id,)]) == [True]
