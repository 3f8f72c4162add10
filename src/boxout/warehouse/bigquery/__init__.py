"""The rows in BigQuery: the same versions and views, for many machines."""

from boxout.warehouse.bigquery.address import Address, address_of
from boxout.warehouse.bigquery.asking import BigqueryReading
from boxout.warehouse.bigquery.in_place import Source
from boxout.warehouse.bigquery.tries import Tries
from boxout.warehouse.bigquery.warehouse import BigqueryWarehouse, open_bigquery

__all__ = [
    "Address",
    "BigqueryReading",
    "BigqueryWarehouse",
    "Source",
    "Tries",
    "address_of",
    "open_bigquery",
]
