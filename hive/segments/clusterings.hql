-- clusterings: one row per clustering that was tried, in the order of the rule. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.clusterings (
  place             INT     COMMENT 'Place by the rule, 1 is what it likes best; the baseline is last',
  features          STRING  COMMENT 'Set of features: money, money and age; transactions for the baseline',
  treatment         STRING  COMMENT 'winsorised, log or quantile; raw for the baseline',
  algorithm         STRING  COMMENT 'k-means, bisecting k-means or Ward; baseline for the public analysis',
  k                 INT     COMMENT 'Number of clusters',
  silhouette        DOUBLE  COMMENT 'Mean silhouette in its own space, Euclidean distances',
  silhouette_common DOUBLE  COMMENT 'Mean silhouette in the common space: log1p, standardised',
  within            DOUBLE  COMMENT 'Mean squared distance to the centre, in its own space',
  davies_bouldin    DOUBLE  COMMENT 'Davies-Bouldin index in its own space, smaller is better',
  smallest_share    DOUBLE  COMMENT 'Share of the customers in the smallest cluster',
  stability         DOUBLE  COMMENT 'Mean adjusted Rand index between it and those learned from random halves',
  seconds           DOUBLE  COMMENT 'Seconds of the fit on the sample',
  verdict           STRING  COMMENT 'holds, or why the rule does not allow it',
  chosen            BOOLEAN COMMENT 'True for the one that is published'
)
COMMENT 'Every clustering that was tried, measured alike'
STORED AS PARQUET
LOCATION '${lake}/tables/clusterings/empty';
