"""The small world of the incidents."""

from incidents.conftest import small

__all__ = ["small"]
