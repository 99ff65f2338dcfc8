-- transaction_windows: one row per closed window of the stream and place; a window without any event has a row for the
-- whole stream alone. Writer: stream.run, a file per micro-batch; (stream, batch) says which.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.transaction_windows (
  kind         STRING        COMMENT 'tumbling: BANK_STREAM_WINDOW long (10 minutes), one after the other; sliding: an hour, one every 10 minutes',
  location     STRING        COMMENT 'Place as in the events; empty for the whole stream, (unknown) for events without one',
  starts       TIMESTAMP     COMMENT 'First moment of the window, event time, UTC',
  ends         TIMESTAMP     COMMENT 'First moment after it',
  transactions BIGINT        COMMENT 'Transactions in it, each id once; in a sliding window the rolling count',
  amount       DECIMAL(18,2) COMMENT 'Their sum, rupees',
  mean_balance DOUBLE        COMMENT 'Mean of the known balances, rupees; null if none is known; in a sliding window the rolling mean',
  expected     DOUBLE        COMMENT 'Transactions that the time of day let expect; only for tumbling windows of the whole stream, null before enough is known',
  low          DOUBLE        COMMENT 'Fewer than these are an outage',
  high         DOUBLE        COMMENT 'More than these are a surge',
  anomaly      STRING        COMMENT 'surge or outage; null for none',
  stream       STRING        COMMENT 'Which checkpoint wrote it',
  batch        BIGINT        COMMENT 'Micro-batch that closed it'
)
COMMENT 'Closed windows of the live transactions, per place and in all'
PARTITIONED BY (day STRING COMMENT 'Day on which the window starts, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/transaction_windows/empty';
