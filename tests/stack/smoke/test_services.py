"""Airflow, MLflow and every web page."""

import re
from pathlib import Path

import pytest
import requests

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]
AIRFLOW = "http://airflow-apiserver:8080"
PAGES = {
    "http://namenode:9870/dfshealth.html": "Namenode information",
    "http://datanode:9864/datanode.html": "DataNode Information",
    "http://resourcemanager:8088/cluster": "All Applications",
    "http://nodemanager:8042/node": "NodeManager information",
    "http://mapreduce-history:19888/jobhistory": "JobHistory",
    "http://hiveserver2:10002/": "HiveServer2",
    "http://spark-master:8080/": "Spark Master at spark://spark-master:7077",
    "http://spark-worker:8081/": "Spark Worker at",
    "http://spark-history:18080/": "History Server",
    "http://airflow-apiserver:8080/": "Airflow",
    "http://mlflow:5000/": "MLflow",
}


@pytest.mark.parametrize("url", PAGES)
def test_a_web_page_responds_with_its_own_title(url, proved):
    response = requests.get(url, timeout=60)
    assert response.status_code == 200
    title = re.search(r"<title>\s*(.*?)\s*</title>", response.text, re.DOTALL)
    assert title, response.text[:500]
    assert PAGES[url] in title[1]
    proved(f'{url} is the page "{title[1]}"')


def test_airflow_lists_all_dags_to_a_request_with_a_token(proved):
    password = Path("/run/secrets/AIRFLOW_ADMIN_PASSWORD").read_text().strip()
    login = {"username": "admin", "password": password}
    token = requests.post(f"{AIRFLOW}/auth/token", json=login, timeout=60).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    errors = requests.get(f"{AIRFLOW}/api/v2/importErrors", headers=headers, timeout=60).json()["import_errors"]
    assert {error["filename"]: error["stack_trace"].strip().split("\n")[-1] for error in errors} == {}
    answer = requests.get(f"{AIRFLOW}/api/v2/dags", headers=headers, timeout=60)
    assert answer.status_code == 200
    dags = [dag["dag_id"] for dag in answer.json()["dags"]]
    # Each file defines one DAG with the name of the file, except common.py.
    files = {path.stem for path in Path("dags").glob("*.py") if "DAG(" in path.read_text()}
    assert files <= set(dags)
    proved(f"Airflow lists {len(dags)} DAGs to admin's token, and none fails to import")


def test_airflow_refuses_a_request_without_a_token_and_a_wrong_password(proved):
    assert requests.get(f"{AIRFLOW}/api/v2/dags", timeout=60).status_code == 401
    wrong = {"username": "admin", "password": "admin"}
    assert requests.post(f"{AIRFLOW}/auth/token", json=wrong, timeout=60).status_code == 401
    proved("Airflow refuses a request without a token, and the password admin")


def test_mlflow_stores_a_run_and_its_model(proved):
    import mlflow
    from sklearn.linear_model import LinearRegression

    mlflow.set_tracking_uri("http://mlflow:5000")
    mlflow.set_experiment("smoke")
    model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    with mlflow.start_run() as run:
        mlflow.log_metric("slope", model.coef_[0])
        logged = mlflow.sklearn.log_model(model, name="line")
    assert mlflow.get_run(run.info.run_id).data.metrics["slope"] == pytest.approx(2.0)
    loaded = mlflow.pyfunc.load_model(logged.model_uri)
    assert list(loaded.predict([[10.0]])) == pytest.approx([21.0])
    mlflow.delete_run(run.info.run_id)
    proved(f"MLflow kept run {run.info.run_id[:8]} and its model, which makes the right prediction after loading")
