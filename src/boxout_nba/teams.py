"""The teams of the league, and the codes other publishers use for them."""

TRICODES = (
    "ATL", "BOS", "BKN", "CHA", "CHI", "CLE", "DAL", "DEN", "DET", "GSW", "HOU", "IND", "LAC", "LAL", "MEM",
    "MIA", "MIL", "MIN", "NOP", "NYK", "OKC", "ORL", "PHI", "PHX", "POR", "SAC", "SAS", "TOR", "UTA", "WAS",
)  # fmt: skip
ALIASES = {
    "BRK": "BKN", "CHO": "CHA", "PHO": "PHX", "NO": "NOP", "GS": "GSW", "SA": "SAS", "NY": "NYK",
    "UTAH": "UTA", "WSH": "WAS",
}  # fmt: skip
