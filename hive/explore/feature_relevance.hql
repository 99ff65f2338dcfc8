-- feature_relevance: one row per column of clients and credit, with the information it carries about the outcome.
-- Writer: explore.describe. Numeric columns use the bands of subscription_rates and default_rates.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.feature_relevance (
  dataset             STRING  COMMENT 'clients or credit',
  label               STRING  COMMENT 'Outcome: subscribed or defaulted',
  feature             STRING  COMMENT 'Column of the table',
  rank                INT     COMMENT '1 for the most informative column of the label; ties by name',
  bins                INT     COMMENT 'Number of categories or bands of the feature; null counts as one',
  mutual_information  DOUBLE  COMMENT 'Mutual information of feature and label in bits, at least 0; slightly overestimated for features with many bins',
  uncertainty_removed DOUBLE  COMMENT 'mutual_information / entropy of the label: share of the uncertainty about the outcome that the feature removes, 0 to 1',
  known_afterwards    BOOLEAN COMMENT 'True if the contract marks the column as known only after the outcome, so models must not use it'
)
COMMENT 'Information that each column carries about the outcome'
STORED AS PARQUET
LOCATION '${lake}/tables/feature_relevance/empty';
