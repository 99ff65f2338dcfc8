-- group_means: one row per category of each categorical column and each numeric column of the same table.
-- Writer: explore.groups.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.group_means (
  dataset   STRING COMMENT 'Table that is described: clients, credit, transactions or call_notes',
  group_by  STRING COMMENT 'Categorical column',
  value     STRING COMMENT 'Its category; null where the column is null',
  measure   STRING COMMENT 'Numeric column',
  row_count BIGINT COMMENT 'Rows of the group in which the measure is known',
  mean      DOUBLE COMMENT 'Mean of the measure, in its unit',
  median    DOUBLE COMMENT 'Median of the measure (rank error at most 1/10,000 of the rows)'
)
COMMENT 'Mean and median of every numeric column by every category'
STORED AS PARQUET
LOCATION '${lake}/tables/group_means/empty';
