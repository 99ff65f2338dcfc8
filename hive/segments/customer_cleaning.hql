-- customer_cleaning: one row per step from the file of transactions to customers that can be clustered. Writer: segments.customers.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.customer_cleaning (
  position INT    COMMENT 'Place of the step in the chain, from 1',
  step     STRING COMMENT 'Name of the step',
  unit     STRING COMMENT 'What is counted: transactions or customers',
  before   BIGINT COMMENT 'Rows that came in',
  removed  BIGINT COMMENT 'Rows that the step removed',
  changed  BIGINT COMMENT 'Rows that the step changed, or that a later step may not use',
  after    BIGINT COMMENT 'Rows that went on',
  why      STRING COMMENT 'Why the step is there'
)
COMMENT 'How many rows each cleaning step removed or changed'
STORED AS PARQUET
LOCATION '${lake}/tables/customer_cleaning/empty';
