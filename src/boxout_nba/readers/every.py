"""Every reader, in the order in which they are listed to a person who must choose."""

from boxout_nba.readers.box_scores import BOX_SCORES
from boxout_nba.readers.own import OWN
from boxout_nba.readers.seasons import SEASONS

READERS = (*OWN, *SEASONS, *BOX_SCORES)
