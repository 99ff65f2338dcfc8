-- outliers: one row per numeric column and rule.
-- Writer: explore.describe.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.outliers (
  dataset       STRING COMMENT 'Described table: clients, credit or transactions',
  column_name   STRING COMMENT 'Name of the column',
  rule          STRING COMMENT 'iqr: outside p25 - 1.5 IQR to p75 + 1.5 IQR (Tukey 1977); mad: more than 3.5 x 1.4826 MAD from the median (Iglewicz and Hoaglin 1993)',
  row_count     BIGINT COMMENT 'Rows in which the column is known',
  low_bound     DOUBLE COMMENT 'Values below are outliers; in the unit of the column; null without bounds',
  high_bound    DOUBLE COMMENT 'Values above are outliers; both bounds are null for mad if more than half of the values are equal (MAD 0)',
  below         BIGINT COMMENT 'Number of values below low_bound',
  above         BIGINT COMMENT 'Number of values above high_bound',
  outlier_count BIGINT COMMENT 'below + above; 0 without bounds',
  share         DOUBLE COMMENT 'outlier_count / row_count, 0 to 1'
)
COMMENT 'Outliers of numeric columns by two robust rules'
STORED AS PARQUET
LOCATION '${lake}/tables/outliers/empty';
