"""Airflow's admin user and pools, as `airflow-init` sets them up at every start."""

from types import SimpleNamespace

import pytest
import setup_airflow
from werkzeug.security import generate_password_hash

from tests.docker.test_health_checks import FakeCursor


class FakeUsers:
    """The security manager of Airflow's FAB provider."""

    def __init__(self, user=None, can_add=True):
        self.user, self.can_add, self.calls = user, can_add, []

    def find_user(self, username):
        assert username == "admin"
        return self.user

    def find_role(self, name):
        return name

    def reset_password(self, identifier, password):
        self.calls.append(("reset_password", identifier, password))

    def add_user(self, username, _first, _last, _email, role, password):
        self.calls.append(("add_user", username, role, password))
        return self.can_add


def test_two_steps_run_at_a_time_beside_one_training_and_pools_that_someone_changed_stay():
    cursor = FakeCursor([])
    setup_airflow.create_pools(cursor)
    ((query, _),) = cursor.queries
    assert "('spark', 2," in query and "('training', 1," in query
    assert "where slot_pool.description = 'Concurrent Spark jobs'" in query


@pytest.mark.parametrize(("given", "same"), [("secret", True), ("another", False)])
def test_the_admin_password_is_compared_with_its_hash(given, same):
    cursor = FakeCursor([(generate_password_hash("secret"),)])
    assert setup_airflow.admin_has_password(cursor, given) is same


def test_before_the_first_start_there_is_no_admin():
    assert not setup_airflow.admin_has_password(FakeCursor([None]), "secret")


def test_an_existing_admin_gets_the_password_from_env():
    users = FakeUsers(user=SimpleNamespace(id=1))
    setup_airflow.set_admin_password(users, "secret")
    assert users.calls == [("reset_password", 1, "secret")]


def test_a_missing_admin_is_created_with_the_admin_role():
    users = FakeUsers()
    setup_airflow.set_admin_password(users, "secret")
    assert users.calls == [("add_user", "admin", "Admin", "secret")]


def test_an_admin_that_cannot_be_created_ends_the_setup():
    with pytest.raises(SystemExit, match="could not create the user admin"):
        setup_airflow.set_admin_password(FakeUsers(can_add=False), "secret")
