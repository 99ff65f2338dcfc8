"""Stage explore: profiles, correlations, outliers, outcome rates and patterns of the loaded tables."""
