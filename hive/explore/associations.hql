-- associations: one row per pair of categorical columns of a table, column_a before column_b in the table.
-- Writer: explore.describe.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.associations (
  dataset      STRING COMMENT 'Described table: clients, credit or transactions',
  column_a     STRING COMMENT 'First column of the pair',
  column_b     STRING COMMENT 'Second column of the pair',
  row_count    BIGINT COMMENT 'Rows in which both columns are known',
  categories_a INT    COMMENT 'Distinct values of column_a in these rows',
  categories_b INT    COMMENT 'Distinct values of column_b in these rows',
  chi_squared  DOUBLE COMMENT 'Chi-squared statistic of the contingency table',
  cramers_v    DOUBLE COMMENT 'Bias-corrected Cramer V (Bergsma 2013), from 0 (independent) to 1 (one determines the other); null if a column has one value'
)
COMMENT 'Association of categorical columns'
STORED AS PARQUET
LOCATION '${lake}/tables/associations/empty';
