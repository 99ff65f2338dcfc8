-- dead_letters: one row per event that violates the event contract (jobs/stream/contract.py).
-- Writer: stream.run, one file per micro-batch, identified by (stream, batch).
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.dead_letters (
  position STRING COMMENT 'Where the event is stored: file name, or topic/partition/offset',
  reason   STRING COMMENT 'The first rule that the event violates',
  raw      STRING COMMENT 'First 4,000 characters of the event as received',
  stream   STRING COMMENT 'Id of the checkpoint that wrote the row',
  batch    BIGINT COMMENT 'Micro-batch that read the event'
)
COMMENT 'Events that violate the event contract, with the reason'
PARTITIONED BY (day STRING COMMENT 'Wall-clock day on which the micro-batch started, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/dead_letters/empty';
