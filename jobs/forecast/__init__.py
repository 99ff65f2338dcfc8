"""Stage forecast: number and amount of transactions on the coming days, with intervals and a backtest."""
