"""Importing: answers of a source on the network become files in a folder, each whole or not there."""

from boxout.importing.bring import Brought, bring
from boxout.importing.folder import Folder
from boxout.importing.polite import Polite

__all__ = ["Brought", "Folder", "Polite", "bring"]
