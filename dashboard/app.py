"""Entry point of the dashboard: `streamlit run dashboard/app.py`.

To add a page, add a package next to `live` and an entry to PAGES.
"""

import streamlit as st

from dashboard import page_style
from dashboard.live import page as live

PAGES = [st.Page(live.show, title="Live", icon=":material/monitoring:", url_path="live", default=True)]


def main() -> None:
    """Draw the frame that all pages share, then the requested page."""
    st.set_page_config(page_title="bankstack live", page_icon=str(page_style.ICON), layout="wide")
    page_style.add_style_sheet()
    st.navigation(PAGES).run()


main()
