-- correlations: one row per pair of numeric columns of a table, column_a before column_b in the table.
-- Writer: explore.correlate. Above a million rows: a seeded sample of about that many.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.correlations (
  dataset   STRING COMMENT 'Table that is described: clients, credit, transactions or call_notes',
  column_a  STRING COMMENT 'First column of the pair',
  column_b  STRING COMMENT 'Second column of the pair',
  row_count BIGINT COMMENT 'Rows used: those in which both are known',
  pearson   DOUBLE COMMENT 'Pearson correlation, -1 to 1; null if a column does not vary',
  spearman  DOUBLE COMMENT 'Spearman correlation: Pearson of the average ranks, -1 to 1; null if a column does not vary'
)
COMMENT 'Correlations of numeric columns'
STORED AS PARQUET
LOCATION '${lake}/tables/correlations/empty';
