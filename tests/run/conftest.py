"""The worlds of the incidents, for what a run is made of."""

from incidents.conftest import (
    empty_folder,
    landed_folder,
    night,
    public_folder,
    published,
    small,
    wide,
    world,
)

__all__ = [
    "empty_folder",
    "landed_folder",
    "night",
    "public_folder",
    "published",
    "small",
    "wide",
    "world",
]
