"""What a pipeline is: tables, processors, checks. Pure; knows no store and no SQL engine."""

from boxout.model.checks import (
    Bound,
    Check,
    Comparison,
    CrossCheck,
    PartitionCheck,
    RowCheck,
    Severity,
    at_least,
    at_most,
    between,
    complete,
    every_row,
    exactly,
)
from boxout.model.columns import Column, Dtype, count, day, flag, instant, number, text
from boxout.model.directory import Directory, LookUp
from boxout.model.importers import Ask, Importer, Read, Request, Round, Unanswered, Wanted
from boxout.model.inputs import Input, Need, any_of, optional, window
from boxout.model.pipeline import Calendar, Pipeline, Reader
from boxout.model.processors import Processor, across, processor
from boxout.model.rows import Measure, Predicate, Rows, ibis
from boxout.model.tables import Feed, Scheme, Table, Target, derived, source

__all__ = [
    "Ask",
    "Bound",
    "Calendar",
    "Check",
    "Column",
    "Comparison",
    "CrossCheck",
    "Directory",
    "Dtype",
    "Feed",
    "Importer",
    "Input",
    "LookUp",
    "Measure",
    "Need",
    "PartitionCheck",
    "Pipeline",
    "Predicate",
    "Processor",
    "Read",
    "Reader",
    "Request",
    "Round",
    "RowCheck",
    "Rows",
    "Scheme",
    "Severity",
    "Table",
    "Target",
    "Unanswered",
    "Wanted",
    "across",
    "any_of",
    "at_least",
    "at_most",
    "between",
    "complete",
    "count",
    "day",
    "derived",
    "every_row",
    "exactly",
    "flag",
    "ibis",
    "instant",
    "number",
    "optional",
    "processor",
    "source",
    "text",
    "window",
]
