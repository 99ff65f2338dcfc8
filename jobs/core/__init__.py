"""What every room shares: settings, session, tables, contracts."""
