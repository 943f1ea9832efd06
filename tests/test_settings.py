"""Settings: from the environment and `.env`, and a clear word when a value cannot be used."""

import stat
from pathlib import Path

import pytest

from leadconnect.settings import InvalidSettings, Settings, load_settings, variable

SECRET = "x" * 32


def load(environ: dict[str, str], dotenv: Path | None = None) -> Settings:
    return load_settings({"LEADCONNECT_SECRET": SECRET, **environ}, dotenv=dotenv)


def test_values_are_read_from_the_variables_of_the_fields() -> None:
    settings = load(
        {
            "PORT": "8080",
            "LEADCONNECT_DATA_DIR": "/srv/leads",
            "LEADCONNECT_RUN_WORKER": "false",
            "CORS_ORIGINS": "https://a.example, https://b.example",
            "LEADCONNECT_BODY_DEADLINE": "2.5",
        }
    )
    assert settings.port == 8080
    assert settings.data_dir == Path("/srv/leads")
    assert settings.run_worker is False
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.body_deadline == 2.5


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=1111\nHOST=0.0.0.0\n")
    settings = load({"PORT": "2222"}, dotenv=file)
    assert (settings.port, settings.host) == (2222, "0.0.0.0")


def test_an_empty_variable_counts_as_absent() -> None:
    assert load({"PORT": " "}).port == Settings().port


@pytest.mark.parametrize(("text", "meaning"), [("true", "tls"), ("false", "starttls"), ("off", "off"), ("TLS", "tls")])
def test_smtp_secure_is_taken_as_operators_spell_it(text: str, meaning: str) -> None:
    assert load({"SMTP_SECURE": text}).smtp_secure == meaning


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("LEADCONNECT_BCRYPT_ROUNDS", "3"),
        ("LEADCONNECT_ENVIRONMENT", "staging"),
        ("LEADCONNECT_SECRET", "short"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "null"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("DATABASE_URL", "mysql://db/leads"),
        ("DATABASE_URL", "postgresql://user@db.example.com/leads?sslmode=disable"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=name):
        load({name: value})


def test_production_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    environ = {"LEADCONNECT_ENVIRONMENT": "production", "LEADCONNECT_DATA_DIR": str(tmp_path)}
    with pytest.raises(InvalidSettings, match="LEADCONNECT_SECRET"):
        load_settings(environ, dotenv=None)


def test_elsewhere_a_secret_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    environ = {"LEADCONNECT_DATA_DIR": str(tmp_path)}
    first, second = load_settings(environ, dotenv=None), load_settings(environ, dotenv=None)
    assert first.secret == second.secret
    assert len(first.secret) >= 32
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_every_field_has_a_variable_of_its_own() -> None:
    names = [variable(field) for field in Settings.__struct_fields__]
    assert len(names) == len(set(names))
