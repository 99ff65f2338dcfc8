-- segment_decisions: one row: which clustering is published and how good it is, or why none is. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_decisions (
  reason                    STRING        COMMENT 'Why there are no segments, as a sentence; null if there are segments',
  algorithm                 STRING        COMMENT 'Algorithm of the published clustering',
  features                  ARRAY<STRING> COMMENT 'Its features',
  treatment                 STRING        COMMENT 'Transformation of the features: winsorised, log or quantile',
  k                         INT           COMMENT 'Number of segments; 0 if none are published',
  silhouette                DOUBLE        COMMENT 'Mean silhouette of the published segments in their own space: all pairs of the sample, Euclidean distances',
  silhouette_squared        DOUBLE        COMMENT 'The same with squared distances, as in the ClusteringEvaluator of Spark',
  silhouette_common         DOUBLE        COMMENT 'Mean silhouette in the common space',
  silhouette_common_squared DOUBLE        COMMENT 'The same with squared distances',
  smallest_share            DOUBLE        COMMENT 'Share of the sample in the smallest segment',
  stability                 DOUBLE        COMMENT 'Mean adjusted Rand index between clusterings of disjoint halves',
  natural                   BOOLEAN       COMMENT 'True if silhouette and stability exceed those of data without groups; false for a pinned number of segments that does not',
  null_silhouette           DOUBLE        COMMENT 'Silhouette that data without groups reach in the same search, 95 % quantile',
  null_stability            DOUBLE        COMMENT 'Stability that data without groups reach, 95 % quantile',
  agreement                 DOUBLE        COMMENT 'Adjusted Rand index between the final fit and the clustering of the search',
  pinned                    INT           COMMENT 'Number of segments pinned by BANK_SEGMENTS_K; null if the rule chose',
  customers                 BIGINT        COMMENT 'Number of customers',
  complete                  BIGINT        COMMENT 'Customers with all usable features',
  sampled                   BIGINT        COMMENT 'Customers in the sample of the search',
  explanation               STRING        COMMENT 'The choice explained in sentences, with the alternatives that were passed over; without segments, the closest clustering',
  left_out                  STRING        COMMENT 'Features that were left out, in sentences; null if none'
)
COMMENT 'The decision about the published segments'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_decisions/empty';
