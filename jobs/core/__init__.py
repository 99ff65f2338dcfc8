"""What every stage shares: settings, session, tables, contracts."""
