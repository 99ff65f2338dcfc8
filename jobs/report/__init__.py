"""The stage report: charts, the page for people, results.json for machines."""
