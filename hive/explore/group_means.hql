-- group_means: one row per category of each categorical column, for each numeric column of the same table.
-- Writer: explore.describe.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.group_means (
  dataset   STRING COMMENT 'Described table: clients, credit or transactions',
  group_by  STRING COMMENT 'Categorical column',
  value     STRING COMMENT 'Category; null where the column is null',
  measure   STRING COMMENT 'Numeric column',
  row_count BIGINT COMMENT 'Rows of the group in which the measure is known',
  mean      DOUBLE COMMENT 'Mean of the measure, in its own unit; null without rows',
  stddev    DOUBLE COMMENT 'Sample standard deviation; null for fewer than two rows',
  minimum   DOUBLE COMMENT 'Smallest value',
  maximum   DOUBLE COMMENT 'Largest value'
)
COMMENT 'Mean, spread and range of every numeric column by every category'
STORED AS PARQUET
LOCATION '${lake}/tables/group_means/empty';
