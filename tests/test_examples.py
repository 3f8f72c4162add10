"""The notebook in examples/, run without a browser and without a network."""

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from season import REAL, season

NOTEBOOK = Path(__file__).parents[1] / "examples" / "three_questions.py"
QUESTIONS = (
    "Does usage rise on a back-to-back?",
    "Which teams give up the paint?",
    "How much does a margin depend on pace?",
)
NO_SEASONS = Path("no seasons here")
EXPLAINED = """
SELECT count(*), 100 * corr(pace, abs(margin)) ** 2, 10 * regr_slope(abs(margin), pace)
FROM team_offense_game_summary WHERE home_game AND overtime_periods = 0
"""


def said(*words: str, cwd: Path) -> str:
    """What the notebook prints when it is run as a script."""
    command = [sys.executable, str(NOTEBOOK), *words]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def simulated():
    return season(60, NO_SEASONS)


@pytest.mark.slow
def test_the_answers_are_those_of_the_public_tables(simulated, tmp_path):
    project = simulated.project
    printed = said("--project", str(project.folder), cwd=tmp_path)
    with project.reading() as connection:
        games, explained, slope = connection.execute(EXPLAINED).fetchone()
    (told,) = re.findall(r"Over (\d+) games .* explains (\S+) % .* go with (\S+) points", printed)
    assert told == (str(games), f"{explained:.1f}", f"{slope:+.1f}")


@pytest.mark.slow
def test_each_answer_names_its_publication_and_season_and_what_cannot_be_answered(
    tmp_path, simulated
):
    project = simulated.project
    printed = said("--project", str(project.folder), cwd=tmp_path)
    with closing(project.ledger()) as ledger:
        head = ledger.head()
    parts = printed.strip().split("\n\n")
    assert [part.splitlines()[0] for part in parts] == list(QUESTIONS)
    assert all(f"\n  Publication {head}, " in part for part in parts)
    with project.reading() as connection:
        (shots,) = connection.execute("SELECT count(*) FROM shots").fetchone()
    assert ("This cannot be answered here" in parts[1]) == (shots == 0)
    assert simulated.said.startswith("a simulated season (seed 7), not a real one")


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real seasons are not beside the project")
def test_a_real_season_is_taken_when_it_is_there_and_named(tmp_path):
    printed = said("--games", "20", cwd=tmp_path)
    assert printed.count("the real season 2022-23, 18 October 2022 to ") == len(QUESTIONS)


@pytest.mark.slow
def test_it_becomes_a_page_that_holds_the_three_answers(tmp_path):
    page = tmp_path / "page.html"
    words = ["export", "html", str(NOTEBOOK), "-o", str(page), "--", "--games", "20"]
    command = [sys.executable, "-m", "marimo", *words, "--seasons", str(NO_SEASONS)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    text = page.read_text("utf-8")
    for question in QUESTIONS:
        assert question in text
    assert "a simulated season" in text
    assert "application/vnd.vegalite" in text
