-- segment_letters: one row per letter ever given to a segment, and feature. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_letters (
  segment STRING  COMMENT 'Letter of the segment',
  feature STRING  COMMENT 'Column of customers',
  typical DOUBLE  COMMENT 'Median of the segment when the letter was last used, original unit',
  in_use  BOOLEAN COMMENT 'True if the last run that found segments uses the letter'
)
COMMENT 'Letters of current and former segments, so that no letter changes its meaning'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_letters/empty';
