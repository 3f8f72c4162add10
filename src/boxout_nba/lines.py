"""Bookmakers' lines: which of many is the line."""

from boxout import Measure, Rows, ibis


def points_lines(props: Rows) -> Rows:
    """One row per game and player with a line on his points: `points_line`.

    Of each bookmaker the last one seen, and of several at that moment the one whose over and
    under are priced most alike; of the bookmakers the middle one, the lower of two.
    """
    points = props.filter(props.market == "points")
    of_book = ["game_id", "player_lookup", "bookmaker"]
    imbalance = (implied(points.over_odds) - implied(points.under_odds)).abs()
    points = points.mutate(imbalance=imbalance)
    points = points.filter(points.imbalance.notnull())
    order = [points.seen_at.desc(), points.imbalance, points.line]
    ranked = points.mutate(nth=ibis.row_number().over(group_by=of_book, order_by=order))
    last = ranked.filter(ranked.nth == 0)
    of_player = ["game_id", "player_lookup"]
    books = last.mutate(
        place=ibis.row_number().over(group_by=of_player, order_by=[last.line, last.bookmaker]),
        books=last.line.count().over(ibis.window(group_by=of_player)),
    )
    middle = books.filter(books.place == ((books.books - 1) / 2).floor())
    return middle.select(*of_player, points_line=middle.line)


def implied(odds: Measure) -> Measure:
    """The probability that American odds imply, the bookmaker's margin included."""
    return ibis.ifelse(odds < 0, -odds / (100 - odds), 100 / (100 + odds))


def game_lines(lines: Rows) -> Rows:
    """One row per game: the middle of the bookmakers' last lines, and how far it moved.

    `home_spread`, `total`, and `home_spread_move`, `total_move` since each one's first line.
    """
    of_book = ["game_id", "bookmaker"]
    last = ibis.row_number().over(group_by=of_book, order_by=lines.seen_at.desc())
    first = ibis.row_number().over(group_by=of_book, order_by=lines.seen_at)
    rows = lines.mutate(is_last=last == 0, is_first=first == 0)
    found = rows.group_by("game_id").aggregate(
        home_spread=rows.home_spread.median(where=rows.is_last),
        total=rows.total.median(where=rows.is_last),
        first_spread=rows.home_spread.median(where=rows.is_first),
        first_total=rows.total.median(where=rows.is_first),
    )
    return found.mutate(
        home_spread_move=found.home_spread - found.first_spread,
        total_move=found.total - found.first_total,
    )
