"""Pages that a person opens: templates, one style sheet, plots as SVG."""

from boxout.pages.extras import prepared
from boxout.pages.quality import Plotted, plotted, quality_page
from boxout.pages.render import ASSETS, asset, rendered

__all__ = ["ASSETS", "Plotted", "asset", "plotted", "prepared", "quality_page", "rendered"]
