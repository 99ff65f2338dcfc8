-- correlations: one row per pair of numeric columns of a table, column_a before column_b in the table.
-- Writer: explore.describe. All rows count for pearson. In tables of more than a million rows, spearman comes from a
-- seeded sample of about a million, which estimates it to within 0.002 (two standard errors).
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.correlations (
  dataset   STRING COMMENT 'Described table: clients, credit or transactions',
  column_a  STRING COMMENT 'First column of the pair',
  column_b  STRING COMMENT 'Second column of the pair',
  row_count BIGINT COMMENT 'Rows in which both columns are known',
  pearson   DOUBLE COMMENT 'Pearson correlation, -1 to 1; null if a column does not vary',
  spearman  DOUBLE COMMENT 'Spearman correlation: Pearson correlation of the average ranks, -1 to 1; null if a column does not vary; above a million rows from a sample, within 0.002'
)
COMMENT 'Correlations of numeric columns'
STORED AS PARQUET
LOCATION '${lake}/tables/correlations/empty';
