-- column_profiles: one row per column of each loaded table.
-- Writer: explore.describe. Quantiles are exact: the first value of the column with at least
-- that share of the rows at or below it.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.column_profiles (
  dataset        STRING COMMENT 'Described table: clients, credit, transactions or call_notes',
  position       INT    COMMENT 'Position of the column in its table, from 1',
  column_name    STRING COMMENT 'Name of the column',
  type           STRING COMMENT 'Type of the column, as in its HQL',
  row_count      BIGINT COMMENT 'Rows of the table',
  null_count     BIGINT COMMENT 'Rows in which the column is null',
  null_share     DOUBLE COMMENT 'null_count / row_count, 0 to 1; null for an empty table',
  distinct_count BIGINT COMMENT 'Exact number of distinct values, without null',
  minimum        STRING COMMENT 'Smallest value as text; text columns compare by byte order',
  maximum        STRING COMMENT 'Largest value as text',
  mean           DOUBLE COMMENT 'Mean; null for texts and dates, as are stddev and the quantiles',
  stddev         DOUBLE COMMENT 'Sample standard deviation; null for fewer than two values',
  p05            DOUBLE COMMENT '5 % quantile',
  p25            DOUBLE COMMENT '25 % quantile',
  p50            DOUBLE COMMENT '50 % quantile (median)',
  p75            DOUBLE COMMENT '75 % quantile',
  p95            DOUBLE COMMENT '95 % quantile'
)
COMMENT 'Profile of every column: type, nulls, distinct values, range, mean, quantiles'
STORED AS PARQUET
LOCATION '${lake}/tables/column_profiles/empty';
