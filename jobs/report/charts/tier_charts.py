"""Customer tiers: their shares of customers and money, and the migration between them.

Each figure carries a sentence on how to read it as `layout.meta`, to be printed beside it.
"""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.charts.share_bars import share_bars
from jobs.report.formatting import count, percent
from jobs.report.theme import BLUE, figure

SCHEMES = {"rfm": "RFM tier", "value": "value tier"}
_SCALE = [[0, "#FFFFFF"], [1, BLUE]]
_NEW = "new customers of the last 30 days"
_ROW = 58
"""Height in pixels of a tier's three bars."""


def tier_shares(tier_profiles: pd.DataFrame) -> go.Figure:
    """Draw each tier's share of customers beside its shares of balances and transaction amounts.

    Args:
        tier_profiles: the rows of one scheme.

    """
    rows = tier_profiles[tier_profiles["customers"] > 0].sort_values("position")
    drawn = share_bars(rows, "tier", rows["tier"].to_list(), _ROW)
    reading = "Where a coloured bar is longer than the grey one, the tier holds more than its share."
    return drawn.update_layout(meta=reading)


def tier_migration(migration: pd.DataFrame, tier_profiles: pd.DataFrame) -> go.Figure:
    """Draw which share of each earlier tier is in which tier now.

    Args:
        migration: the rows of one scheme of tier_migration; at least one has a known `from_tier`.
        tier_profiles: the rows of the same scheme, for the order of the tiers.

    """
    known = migration[migration["from_tier"].notna()]
    stayed = known.loc[known["from_tier"] == known["to_tier"], "customers"].sum()
    moved = 1 - stayed / known["customers"].sum()
    scheme = SCHEMES[str(migration["scheme"].iloc[0])]
    title = f"{percent(moved)} of the customers are in another {scheme} than 30 days earlier"
    table = migration.assign(from_tier=migration["from_tier"].fillna(_NEW)).pivot_table(
        index="from_tier", columns="to_tier", values="customers", aggfunc="sum", fill_value=0
    )
    order = tier_profiles.sort_values("position")["tier"].to_list()
    table = table.reindex(
        index=[name for name in (*order, _NEW) if name in table.index],
        columns=[name for name in order if name in table.columns],
    )
    shares = 100 * table.div(table.sum(axis=1), axis=0)
    sizes = table.sum(axis=1)
    names = [f"{name.replace(' of the', '<br>of the')}<br>({count(sizes[name])})" for name in table.index]
    drawn = figure(title, 44 * len(names) + 190, x="Tier now (cells: % of the customers of the row)")
    drawn.add_heatmap(
        z=shares.to_numpy(),
        x=[name.replace(" ", "<br>") for name in shares.columns],
        y=names,
        colorscale=_SCALE,
        showscale=False,
        text=[[f"{value:.0f}" if value >= 0.5 else "" for value in line] for line in shares.to_numpy()],
        texttemplate="%{text}",
        hovertemplate="%{y} → %{x}: %{z:.1f} %<extra></extra>",
    )
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False, title_text="Tier 30 days earlier")
    reading = "Each row is a tier of 30 days earlier, with its number of customers; the cells say where they are now."
    return drawn.update_layout(meta=reading)
