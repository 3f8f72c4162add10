"""Every reader, in the order in which they are listed to a person who must choose."""

from boxout_nba.readers.betting import BETTING
from boxout_nba.readers.box_scores import BOX_SCORES
from boxout_nba.readers.bref_schedules import BREF_SCHEDULES
from boxout_nba.readers.gamebooks import GAMEBOOKS
from boxout_nba.readers.injury_reports import INJURY_REPORTS
from boxout_nba.readers.league_schedules import LEAGUE_SCHEDULES
from boxout_nba.readers.own import OWN
from boxout_nba.readers.play_by_play import PLAY_BY_PLAY
from boxout_nba.readers.seasons import SEASONS
from boxout_nba.readers.shot_charts import SHOT_CHARTS

READERS = (
    *OWN,
    *SEASONS,
    *LEAGUE_SCHEDULES,
    *BREF_SCHEDULES,
    *BOX_SCORES,
    *SHOT_CHARTS,
    *PLAY_BY_PLAY,
    *BETTING,
    *INJURY_REPORTS,
    *GAMEBOOKS,
)
