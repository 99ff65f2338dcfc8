"""The stage `report`: charts, the HTML page, and results.json."""
