-- clusterings: one row per clustering that the search tried, best first. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.clusterings (
  position          INT     COMMENT 'Position by the selection rule, 1 is best; the baseline comes last',
  features          STRING  COMMENT 'Feature set: money, money and age, rhythm, times, behaviour; transactions for the baseline',
  treatment         STRING  COMMENT 'Transformation of the features: winsorised, log or quantile; raw for the baseline',
  algorithm         STRING  COMMENT 'k-means, bisecting k-means, Ward or Gaussian mixture; baseline for the public analysis',
  k                 INT     COMMENT 'Number of clusters',
  silhouette        DOUBLE  COMMENT 'Mean silhouette in the own space of the clustering, Euclidean distances',
  silhouette_common DOUBLE  COMMENT 'Mean silhouette in the common space (log1p, standardised)',
  within            DOUBLE  COMMENT 'Mean squared distance to the centre, in the own space',
  davies_bouldin    DOUBLE  COMMENT 'Davies-Bouldin index in the own space, smaller is better',
  smallest_share    DOUBLE  COMMENT 'Share of customers in the smallest cluster',
  stability         DOUBLE  COMMENT 'Mean adjusted Rand index between clusterings of disjoint halves',
  null_silhouette   DOUBLE  COMMENT 'Silhouette in the own space that data without groups reach in the same search, 95 % quantile; null for the baseline',
  null_stability    DOUBLE  COMMENT 'Stability that data without groups reach, 95 % quantile; null for the baseline',
  membership        DOUBLE  COMMENT 'Mean probability of the most likely cluster of a customer; null unless the algorithm is a mixture',
  seconds           DOUBLE  COMMENT 'Duration of the fit on the sample',
  verdict           STRING  COMMENT 'accepted, or why the selection rule excludes it',
  chosen            BOOLEAN COMMENT 'True for the clustering that is published'
)
COMMENT 'Every clustering that was tried, with the same quality measures'
STORED AS PARQUET
LOCATION '${lake}/tables/clusterings/empty';
