-- segment_groups: one row per segment and group of a dimension. Writer: segments.profile.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_groups (
  segment   STRING COMMENT 'Letter of the segment',
  dimension STRING COMMENT 'gender, age_band, place, part_of_day or weekday',
  position  INT    COMMENT 'Place among the groups of the dimension, from 1',
  value     STRING COMMENT 'The group; unknown where it is not known',
  members   BIGINT COMMENT 'Customers of the segment in the group; for part_of_day and weekday their transactions',
  share     DOUBLE COMMENT 'Share of the segment'
)
COMMENT 'Who is in a segment, and when they transact'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_groups/empty';
