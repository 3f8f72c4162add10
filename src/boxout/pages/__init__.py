"""Pages that a person opens: templates, one style sheet, plots as SVG."""

from boxout.pages.extras import prepared
from boxout.pages.quality import quality_page

__all__ = ["prepared", "quality_page"]
