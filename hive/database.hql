-- The database of all tables.
CREATE DATABASE IF NOT EXISTS ${db}
COMMENT 'The bank: see docs/architecture.md'
LOCATION '${lake}/tables';
