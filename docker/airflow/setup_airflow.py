#!/opt/airflow/bin/python
"""Create Airflow's admin user and its pools; if they exist, reset the admin's password to that in .env.

The pool `spark` is for steps on the Spark Connect server: two at a time, as a small step leaves cores idle. The pool
`training` is for applications with their own driver. Admin, Pools in Airflow changes the slots; the report needs both
slots of `spark`, so it waits for the other steps.

`airflow users create` isn't used because it takes the password on its command line, where other processes can see it.
"""

import os
import sys
from typing import Any

# The one slot that version 0.2.0 gave to the pool `spark` would be too few.
CREATE_POOLS = """
    insert into slot_pool (pool, slots, description, include_deferred) values
    ('spark', 2, 'Concurrent steps on the Spark Connect server', false),
    ('training', 1, 'Concurrent Spark applications with their own driver', false)
    on conflict (pool) do update set slots = excluded.slots, description = excluded.description
    where slot_pool.description = 'Concurrent Spark jobs'
"""
ADMIN_PASSWORD_HASH = "select password from ab_user where username = 'admin'"


def create_pools(cursor: Any) -> None:
    """Create the pools that don't exist yet."""
    cursor.execute(CREATE_POOLS)


def admin_has_password(cursor: Any, password: str) -> bool:
    """Return whether the user admin exists and has this password."""
    from werkzeug.security import check_password_hash

    cursor.execute(ADMIN_PASSWORD_HASH)
    row = cursor.fetchone()
    return bool(row) and check_password_hash(row[0], password)


def set_admin_password(users: Any, password: str) -> None:
    """Reset the password of the user admin, or create the user.

    Args:
        users: the security manager of Airflow's FAB provider.
        password: the new password.

    Raises:
        SystemExit: the user could not be created.

    """
    admin = users.find_user(username="admin")
    if admin:
        users.reset_password(admin.id, password)
    elif not users.add_user("admin", "Bank", "Stack", "admin@localhost", users.find_role("Admin"), password):
        sys.exit("airflow-init: could not create the user admin; see the lines above")


def main() -> None:
    """Create the pools and the user in Airflow's database."""
    import psycopg2

    password = os.environ["AIRFLOW_ADMIN_PASSWORD"]
    database = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        create_pools(cursor)
        if admin_has_password(cursor, password):
            return

    # Only at the first start and after a password change: this import takes some seconds.
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        set_admin_password(builder.sm, password)


if __name__ == "__main__":
    main()
