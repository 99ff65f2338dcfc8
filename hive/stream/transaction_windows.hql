-- transaction_windows: one row per closed window of the stream and city. A window without events has one row, for the
-- whole stream. Writer: stream.run, one file per micro-batch, identified by (stream, batch).
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.transaction_windows (
  kind         STRING        COMMENT 'tumbling: BANK_STREAM_WINDOW long (10 minutes), back to back; sliding: one hour, every 10 minutes',
  city         STRING        COMMENT 'City, as in transactions.city; empty for the whole stream, (unknown) for events without a city',
  starts       TIMESTAMP     COMMENT 'Start of the window (inclusive), event time, UTC',
  ends         TIMESTAMP     COMMENT 'End of the window (exclusive), event time, UTC',
  transactions BIGINT        COMMENT 'Number of transactions, each transaction_id once; in a sliding window, the rolling count',
  amount       DECIMAL(18,2) COMMENT 'Sum of their amounts, rupees',
  mean_balance DOUBLE        COMMENT 'Mean of the known balances, rupees; null if none is known; in a sliding window, the rolling mean',
  expected     DOUBLE        COMMENT 'Transactions expected at this time of day; only for tumbling windows of the whole stream, null until enough history exists',
  low          DOUBLE        COMMENT 'Fewer transactions than this are an outage',
  high         DOUBLE        COMMENT 'More transactions than this are a surge',
  anomaly      STRING        COMMENT 'surge or outage; null for none',
  stream       STRING        COMMENT 'Id of the checkpoint that wrote the row',
  batch        BIGINT        COMMENT 'Micro-batch that closed the window'
)
COMMENT 'Closed windows of live transactions, per city and for the whole stream'
PARTITIONED BY (day STRING COMMENT 'Day on which the window starts, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/transaction_windows/empty';
