-- correlations: one row per pair of numeric columns of a table, column_a before column_b in the table.
-- Writer: explore.correlate. Tables of more than a million rows are sampled down to about a million, with a seed.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.correlations (
  dataset   STRING COMMENT 'Described table: clients, credit or transactions',
  column_a  STRING COMMENT 'First column of the pair',
  column_b  STRING COMMENT 'Second column of the pair',
  row_count BIGINT COMMENT 'Rows in which both columns are known',
  pearson   DOUBLE COMMENT 'Pearson correlation, -1 to 1; null if a column does not vary',
  spearman  DOUBLE COMMENT 'Spearman correlation: Pearson correlation of the average ranks, -1 to 1; null if a column does not vary'
)
COMMENT 'Correlations of numeric columns'
STORED AS PARQUET
LOCATION '${lake}/tables/correlations/empty';
