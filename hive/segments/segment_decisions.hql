-- segment_decisions: one row: what is published and how good it is, or why nothing is. Writer: segments.cluster.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.segment_decisions (
  reason                    STRING        COMMENT 'Why there are no segments, as a sentence; null if there are',
  algorithm                 STRING        COMMENT 'Algorithm of what is published',
  features                  ARRAY<STRING> COMMENT 'Its features',
  treatment                 STRING        COMMENT 'How they are bent',
  k                         INT           COMMENT 'Number of segments; 0 for none',
  silhouette                DOUBLE        COMMENT 'Mean silhouette of what is published, in its own space, all pairs of the sample, Euclidean distances',
  silhouette_squared        DOUBLE        COMMENT 'The same by squared distances, as of the ClusteringEvaluator of Spark',
  silhouette_common         DOUBLE        COMMENT 'Mean silhouette in the common space',
  silhouette_common_squared DOUBLE        COMMENT 'The same by squared distances',
  smallest_share            DOUBLE        COMMENT 'Share of the smallest segment in the sample',
  stability                 DOUBLE        COMMENT 'Mean adjusted Rand index between it and those learned from random halves',
  agreement                 DOUBLE        COMMENT 'Adjusted Rand index between the final fit and the clustering of the search',
  pinned                    INT           COMMENT 'Number of segments that BANK_SEGMENTS_K pins; null if the rule chose',
  customers                 BIGINT        COMMENT 'Customers there are',
  complete                  BIGINT        COMMENT 'Of these, those of whom all features are known',
  sampled                   BIGINT        COMMENT 'Of these, those on which the field was measured',
  said                      STRING        COMMENT 'The choice in words, with what was given up',
  left_out                  STRING        COMMENT 'Features that were left out, in sentences; null for none'
)
COMMENT 'What was decided about the segments'
STORED AS PARQUET
LOCATION '${lake}/tables/segment_decisions/empty';
