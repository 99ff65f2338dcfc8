-- customer_cleaning: one row per cleaning step from the transactions file to customers. Writer: segments.customers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.customer_cleaning (
  position INT    COMMENT 'Position of the step, from 1',
  step     STRING COMMENT 'Name of the step',
  unit     STRING COMMENT 'What is counted: transactions or customers',
  before   BIGINT COMMENT 'Rows before the step',
  removed  BIGINT COMMENT 'Rows that the step removed',
  changed  BIGINT COMMENT 'Rows that the step changed, or that the clustering search excludes',
  after    BIGINT COMMENT 'Rows after the step',
  why      STRING COMMENT 'Reason for the step'
)
COMMENT 'Rows that each cleaning step removed or changed'
STORED AS PARQUET
LOCATION '${lake}/tables/customer_cleaning/empty';
