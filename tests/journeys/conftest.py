"""What every journey may use."""

from tests.journeys.browser import chromium, open_page

__all__ = ["chromium", "open_page"]
