"""Where the rows are."""
