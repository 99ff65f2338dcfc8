"""The stage forecast: transactions and money of the coming days, and how far such forecasts were off before."""
