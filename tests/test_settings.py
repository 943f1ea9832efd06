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


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("LEADCONNECT_ENVIRONMENT", "prod", "takes one of development, production, not 'prod'"),
        ("SMTP_SECURE", "ssl", "takes one of off, starttls, tls, not 'ssl'"),
        ("LEADCONNECT_LOG_LEVEL", "verbose", "takes one of debug, error, info, warning, not 'verbose'"),
        ("PORT", "many", "takes a whole number from 0 to 65535, not 'many'"),
        ("WORKERS", "0", "takes a whole number of at least 1, not '0'"),
        ("LEADCONNECT_RUN_WORKER", "maybe", "takes true or false, not 'maybe'"),
        ("LEADCONNECT_DRAIN", "61", "takes a number of seconds from 0 to 60, not '61'"),
        ("DATABASE_POOL_WAIT", "0", "takes a number of seconds greater than 0, not '0'"),
        ("DATABASE_START_WAIT", "inf", "takes a number of seconds of at least 0, not 'inf'"),
        ("LEADCONNECT_BODY_DEADLINE", "nan", "takes a number of seconds greater than 0, not 'nan'"),
    ],
)
def test_a_message_says_what_is_taken(name: str, value: str, taken: str) -> None:
    with pytest.raises(InvalidSettings) as raised:
        load({name: value})
    assert str(raised.value) == f"{name}: {taken}"


def test_all_settings_that_cannot_be_used_are_reported_at_once() -> None:
    with pytest.raises(InvalidSettings) as raised:
        load(
            {
                "PORT": "many",
                "WORKERS": "0",
                "LEADCONNECT_SECRET": "short",
                "CORS_ORIGINS": "*,https://app.example.com,null",
                "VAPID_SUBJECT": "admin@example.com",
                "DATABASE_URL": "mysql://db/leads",
            }
        )
    assert [problem.partition(":")[0] for problem in raised.value.problems] == [
        "PORT", "WORKERS", "CORS_ORIGINS", "CORS_ORIGINS", "VAPID_SUBJECT", "DATABASE_URL", "LEADCONNECT_SECRET",
    ]  # fmt: skip
    assert str(raised.value).splitlines() == list(raised.value.problems)


@pytest.mark.parametrize(
    "url",
    ["app.example.com", "ftp://app.example.com", "https://", "https://a b.example", "https://user@app.example.com",
     "https://app.example.com/?next=x", "https://app.example.com#part", "//app.example.com", "https:/app.example.com",
     "javascript:alert(1)", "https://app.example.com:port"],
)  # fmt: skip
def test_a_public_url_that_links_cannot_begin_with_is_refused(url: str) -> None:
    with pytest.raises(InvalidSettings, match="LEADCONNECT_PUBLIC_URL: takes the URL that users open"):
        load({"LEADCONNECT_PUBLIC_URL": url})


@pytest.mark.parametrize(
    "url", ["https://app.example.com", "http://localhost:3000/", "https://example.com/crm", "https://[::1]:8443"]
)
def test_a_public_url_may_have_a_port_and_a_path(url: str) -> None:
    assert load({"LEADCONNECT_PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize("origin", ["https://app.example.com/", "https://app.example.com/path", "app.example.com"])
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(InvalidSettings, match="CORS_ORIGINS: list exact origins"):
        load({"CORS_ORIGINS": origin})


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_one_port_for_two_things_names_that_of_the_metrics(host: str) -> None:
    with pytest.raises(InvalidSettings, match="METRICS_PORT: takes another port than PORT"):
        load({"PORT": "3200", "METRICS_PORT": "3200", "HOST": host})
    assert load({"PORT": "3200", "METRICS_PORT": "3200", "HOST": "127.0.0.2"}).metrics_port == 3200


@pytest.mark.parametrize("below", ["file", "file/below"])
def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InvalidSettings, match=r"LEADCONNECT_DATA_DIR: .* cannot be used"):
        load_settings({"LEADCONNECT_DATA_DIR": str(tmp_path / below)}, dotenv=None)


def test_a_file_of_settings_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(InvalidSettings, match="the file cannot be read"):
        load({}, dotenv=tmp_path / ".env")


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
