"""The doctor on homes that are not whole; on a whole one, see tests/test_service_cli.py."""

from tests.command_line import suluh


def test_a_doctor_makes_nothing(tmp_path):
    checks = suluh("doctor", home=tmp_path / "none")["checks"]
    assert not (tmp_path / "none").exists()
    assert {line["name"]: line["state"] for line in checks}["Database"] == "warn"


def test_a_doctor_finds_a_bad_framework_and_a_torn_database(tmp_path):
    (tmp_path / "framework.toml").write_text("name = 3", encoding="utf-8")
    (tmp_path / "suluh.db").write_bytes(b"this is no database" * 100)
    checks = {line["name"]: line for line in suluh("doctor", home=tmp_path, code=2)["checks"]}
    assert checks["Framework file"]["state"] == checks["Database"]["state"] == "bad"
    assert checks["Database"]["mend"]
