-- clients: one row per client contacted in the bank's term-deposit campaigns (UCI bank marketing).
-- Writer: ingest.clients. Rules beyond types: clients.toml.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.clients (
  client_id    BIGINT        COMMENT 'Line number in the source file; the full file is in order of contact, 2008 to 2010',
  age          INT           COMMENT 'Age in years',
  age_band     STRING        COMMENT 'under 25, 25-34, 35-44, 45-54, 55-64 or 65 and over',
  job          STRING        COMMENT 'Type of job, for example admin., blue-collar or retired',
  marital      STRING        COMMENT 'married, single or divorced (includes widowed)',
  education    STRING        COMMENT 'primary, secondary, tertiary or unknown',
  in_default   STRING        COMMENT 'Has credit in default: yes or no (source column: default)',
  balance      DECIMAL(18,2) COMMENT 'Average yearly balance, euros',
  housing      STRING        COMMENT 'Has a housing loan: yes or no',
  loan         STRING        COMMENT 'Has a personal loan: yes or no',
  contact      STRING        COMMENT 'How the client was reached: cellular, telephone or unknown',
  day          INT           COMMENT 'Day of the month of the last contact',
  month        STRING        COMMENT 'Month of the last contact, jan to dec',
  month_number INT           COMMENT 'Month of the last contact, 1 January to 12 December',
  duration     INT           COMMENT 'Duration of the last call in seconds; known only after the call, so models must not use it',
  campaign     INT           COMMENT 'Number of contacts in this campaign, including the last one',
  pdays        INT           COMMENT 'Days since the last contact of an earlier campaign; -1 without one',
  previous     INT           COMMENT 'Number of contacts before this campaign',
  poutcome     STRING        COMMENT 'Outcome of the earlier campaign: success, failure, other or unknown',
  subscribed   STRING        COMMENT 'Outcome: subscribed to a term deposit, yes or no (source column: y)'
)
COMMENT 'Clients contacted in the term-deposit campaigns, one row per client'
STORED AS PARQUET
LOCATION '${lake}/tables/clients/empty';
