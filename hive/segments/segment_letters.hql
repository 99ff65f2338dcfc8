-- segment_letters: every letter that a segment ever had, and where its customers were. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_letters (
  segment STRING  COMMENT 'Letter',
  feature STRING  COMMENT 'Feature of the customers',
  typical DOUBLE  COMMENT 'Median of its customers when it was last used, in original units',
  in_use  BOOLEAN COMMENT 'True if the last run that found segments has it'
)
COMMENT 'Letters that segments had, so that none gets a new meaning'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_letters/empty';
