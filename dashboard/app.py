"""The dashboard: streamlit run dashboard/app.py. A further page is one line in PAGES and one folder beside `live`."""

import streamlit as st

from dashboard import page_style
from dashboard.live import page as live

PAGES = [st.Page(live.show, title="Live", icon=":material/monitoring:", url_path="live", default=True)]


def main() -> None:
    """Lay out the frame that all pages share, then the page that was asked for."""
    st.set_page_config(page_title="bankstack live", page_icon=str(page_style.ICON), layout="wide")
    page_style.style()
    st.navigation(PAGES).run()


main()
