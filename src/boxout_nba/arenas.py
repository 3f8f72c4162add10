"""Where the league plays: 30 arenas, those that were there before them, and neutral ones.

Coordinates to about 100 m, as in the arenas' Wikipedia articles; those of the 30 teams agree within
0.01 degrees with two public lists (github.com/crowoh/NeutralNBA, arenas.py, and
github.com/andrewrpokorny-source/nba-predict-v1, nba_locations.py).
"""

from typing import NamedTuple


class Place(NamedTuple):
    """Degrees north and east, and hours of winter time ahead of UTC; whether summer time is kept."""

    lat: float
    lon: float
    utc_h: int
    has_summer_time: bool = True


_LOS_ANGELES = Place(34.0430, -118.2673, -8)
_MIAMI = Place(25.7814, -80.1870, -5)
_PHOENIX = Place(33.4457, -112.0712, -7, has_summer_time=False)
_SALT_LAKE_CITY = Place(40.7683, -111.9011, -7)
_SAN_ANTONIO = Place(29.4270, -98.4375, -6)
_ORLANDO = Place(28.5392, -81.3839, -5)
_INDIANAPOLIS = Place(39.7640, -86.1555, -5)
_CLEVELAND = Place(41.4965, -81.6882, -5)
_OKLAHOMA_CITY = Place(35.4634, -97.5151, -6)
_DENVER = Place(39.7487, -105.0077, -7)
_TORONTO = Place(43.6435, -79.3791, -5)
_ATLANTA = Place(33.7573, -84.3963, -5)
_PHILADELPHIA = Place(39.9012, -75.1720, -5)
_PARIS = Place(48.8386, 2.3785, 1)
_BUBBLE = Place(28.3370, -81.5560, -5)
_NEW_YORK = Place(40.7505, -73.9934, -5)
_MEMPHIS = Place(35.1382, -90.0506, -6)

ARENAS = {
    "AT&T Center": _SAN_ANTONIO,
    "AccorHotels Arena": _PARIS,
    "Accor Arena": _PARIS,
    "AdventHealth Arena": _BUBBLE,
    "Air Canada Centre": _TORONTO,
    "Alamodome": Place(29.4170, -98.4788, -6),
    "Amalie Arena": Place(27.9427, -82.4518, -5),
    "American Airlines Center": Place(32.7905, -96.8103, -6),
    "AmericanAirlines Arena": _MIAMI,
    "Amway Center": _ORLANDO,
    "BMO Harris Bradley Center": Place(43.0438, -87.9171, -6),
    "Ball Arena": _DENVER,
    "Bankers Life Fieldhouse": _INDIANAPOLIS,
    "Barclays Center": Place(40.6826, -73.9754, -5),
    "Capital One Arena": Place(38.8981, -77.0209, -5),
    "Chase Center": Place(37.7680, -122.3877, -8),
    "Chesapeake Energy Arena": _OKLAHOMA_CITY,
    "Crypto.com Arena": _LOS_ANGELES,
    "Delta Center": _SALT_LAKE_CITY,
    "FTX Arena": _MIAMI,
    "FedEx Forum": _MEMPHIS,
    "FedExForum": _MEMPHIS,
    "Fiserv Forum": Place(43.0451, -87.9172, -6),
    "Footprint Center": _PHOENIX,
    "Frost Bank Center": _SAN_ANTONIO,
    "Gainbridge Fieldhouse": _INDIANAPOLIS,
    "Golden 1 Center": Place(38.5802, -121.4997, -8),
    "HP Field House": _BUBBLE,
    "Intuit Dome": Place(33.9450, -118.3431, -8),
    "Kaseya Center": _MIAMI,
    "Kia Center": _ORLANDO,
    "Little Caesars Arena": Place(42.3410, -83.0550, -5),
    "Madison Square Garden": _NEW_YORK,
    "Madison Square Garden (IV)": _NEW_YORK,
    "Mexico City Arena": Place(19.4966, -99.1754, -6, has_summer_time=False),
    "Moda Center": Place(45.5316, -122.6668, -8),
    "Moody Center": Place(30.2820, -97.7323, -6),
    "Mortgage Matchup Center": _PHOENIX,
    "Oracle Arena": Place(37.7503, -122.2030, -8),
    "PHX Arena": _PHOENIX,
    "Paycom Center": _OKLAHOMA_CITY,
    "Pepsi Center": _DENVER,
    "Philips Arena": _ATLANTA,
    "Phoenix Suns Arena": _PHOENIX,
    "Quicken Loans Arena": _CLEVELAND,
    "Rocket Arena": _CLEVELAND,
    "Rocket Mortgage FieldHouse": _CLEVELAND,
    "Rocket Mortgage Fieldhouse": _CLEVELAND,
    "STAPLES Center": _LOS_ANGELES,
    "Scotiabank Arena": _TORONTO,
    "Smoothie King Center": Place(29.9490, -90.0821, -6),
    "Spectrum Center": Place(35.2251, -80.8392, -5),
    "State Farm Arena": _ATLANTA,
    "T-Mobile Arena": Place(36.1029, -115.1784, -8),
    "TD Garden": Place(42.3662, -71.0621, -5),
    "Talking Stick Resort Arena": _PHOENIX,
    "Target Center": Place(44.9795, -93.2761, -6),
    "The O2 Arena": Place(51.5030, 0.0032, 0),
    "Toyota Center": Place(29.7508, -95.3621, -6),
    "UW–Milwaukee Panther Arena": Place(43.0425, -87.9156, -6),
    "Uber Arena": Place(52.5058, 13.4434, 1),
    "United Center": Place(41.8807, -87.6742, -6),
    "Visa Athletic Center": _BUBBLE,
    "Vivint Arena": _SALT_LAKE_CITY,
    "Vivint Smart Home Arena": _SALT_LAKE_CITY,
    "Wells Fargo Center": _PHILADELPHIA,
    "Xfinity Mobile Arena": _PHILADELPHIA,
}
"""By name as published."""

HOME = {
    "ATL": "State Farm Arena",
    "BOS": "TD Garden",
    "BKN": "Barclays Center",
    "CHA": "Spectrum Center",
    "CHI": "United Center",
    "CLE": "Rocket Arena",
    "DAL": "American Airlines Center",
    "DEN": "Ball Arena",
    "DET": "Little Caesars Arena",
    "GSW": "Chase Center",
    "HOU": "Toyota Center",
    "IND": "Gainbridge Fieldhouse",
    "LAC": "Intuit Dome",
    "LAL": "Crypto.com Arena",
    "MEM": "FedExForum",
    "MIA": "Kaseya Center",
    "MIL": "Fiserv Forum",
    "MIN": "Target Center",
    "NOP": "Smoothie King Center",
    "NYK": "Madison Square Garden",
    "OKC": "Paycom Center",
    "ORL": "Kia Center",
    "PHI": "Xfinity Mobile Arena",
    "PHX": "Mortgage Matchup Center",
    "POR": "Moda Center",
    "SAC": "Golden 1 Center",
    "SAS": "Frost Bank Center",
    "TOR": "Scotiabank Arena",
    "UTA": "Delta Center",
    "WAS": "Capital One Arena",
}
"""By team, where it plays at home; assumed where a schedule names no arena and no neutral site."""

LAC_MOVED = "2024-07-01"
"""Until then the Clippers played where the Lakers do."""
