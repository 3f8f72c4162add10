"""What was asked for on the command line, by the words that every way in shares."""

from boxout.asked import EVERYTHING, Span, chosen, known, known_table, season_of, span

__all__ = ["EVERYTHING", "Span", "chosen", "known", "known_table", "season_of", "span"]
