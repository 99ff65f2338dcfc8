"""Everything simulated: data sets, a bank that sends transactions, planted incidents and their labels."""
