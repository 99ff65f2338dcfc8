-- segment_groups: one row per segment, dimension and value. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_groups (
  segment   STRING COMMENT 'Letter of the segment',
  dimension STRING COMMENT 'gender, age_band, city, day_part or weekday',
  position  INT    COMMENT 'Position of the value within the dimension, from 1',
  value     STRING COMMENT 'Value of the dimension; unknown if it is null, all others for the remaining cities',
  members   BIGINT COMMENT 'Customers of the segment with this value; for day_part and weekday, their transactions',
  share     DOUBLE COMMENT 'Share of the customers or transactions of the segment'
)
COMMENT 'Breakdown of segments by demographics and by time of transactions'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_groups/empty';
