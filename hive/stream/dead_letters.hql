-- dead_letters: one row per event that broke the contract (jobs/stream/contract.py).
-- Writer: stream.run, a file per micro-batch; (stream, batch) says which.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.dead_letters (
  position STRING COMMENT 'Where it stands: the file, or topic/partition/offset',
  reason   STRING COMMENT 'The first rule that it breaks',
  raw      STRING COMMENT 'The event as it came, its first 4,000 characters',
  stream   STRING COMMENT 'Which checkpoint wrote it',
  batch    BIGINT COMMENT 'Micro-batch in which it came'
)
COMMENT 'Events that broke their contract, kept with the reason'
PARTITIONED BY (day STRING COMMENT 'Day on which its micro-batch began, wall clock, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/dead_letters/empty';
