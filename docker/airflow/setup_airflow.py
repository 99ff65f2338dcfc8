#!/opt/airflow/bin/python
"""Create Airflow's admin user and the pool `spark`; if they exist, reset the admin's password to that in .env.

The pool has one slot, so that two Spark jobs don't share a small machine. To change that, use Admin, Pools in Airflow.

`airflow users create` isn't used because it takes the password on its command line, where other processes can see it.
"""

import os
import sys
from typing import Any

CREATE_POOL = """
    insert into slot_pool (pool, slots, description, include_deferred)
    values ('spark', 1, 'Concurrent Spark jobs', false) on conflict (pool) do nothing
"""
ADMIN_PASSWORD_HASH = "select password from ab_user where username = 'admin'"


def create_pool(cursor: Any) -> None:
    """Create the pool `spark` unless it exists."""
    cursor.execute(CREATE_POOL)


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
    """Create the pool and the user in Airflow's database."""
    import psycopg2

    password = os.environ["AIRFLOW_ADMIN_PASSWORD"]
    database = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        create_pool(cursor)
        if admin_has_password(cursor, password):
            return

    # Only at the first start and after a password change: this import takes some seconds.
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        set_admin_password(builder.sm, password)


if __name__ == "__main__":
    main()
