-- feature_relevance: one row per column of clients and credit: how much it tells about the outcome.
-- Writer: explore.relevance. Numeric columns are cut into the bands of
-- subscription_rates and default_rates.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.feature_relevance (
  dataset             STRING  COMMENT 'clients or credit',
  label               STRING  COMMENT 'The outcome: subscribed or defaulted',
  feature             STRING  COMMENT 'Column of the table',
  rank                INT     COMMENT '1 for the most telling column of the label; ties by name',
  bins                INT     COMMENT 'Categories or bands of the feature, null counted as one',
  mutual_information  DOUBLE  COMMENT 'Mutual information of feature and label in bits, at least 0; features with many bins come out a little high',
  uncertainty_removed DOUBLE  COMMENT 'mutual_information / entropy of the label: share of the uncertainty about the outcome that the feature removes, 0 to 1',
  known_afterwards    BOOLEAN COMMENT 'True if the column is known only after the outcome (the contract says so), so that no forecast may use it'
)
COMMENT 'Relevance of each column for the outcome'
STORED AS PARQUET
LOCATION '${lake}/tables/feature_relevance/empty';
