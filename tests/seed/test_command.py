"""What ``leadconnect seed`` shows."""

import io

import pytest
import typer
from rich.console import Console

from leadconnect.seed import command
from leadconnect.settings import Settings
from tests.conftest import changed


def test_the_command_shows_how_far_it_is_and_who_can_log_in(settings: Settings) -> None:
    output = io.StringIO()
    result = command.run(settings, accounts=2, leads=4, console=Console(file=output, width=200))
    said = output.getvalue()
    assert "8/8" in said
    assert f"Log in with {result.email} and the password {result.password}" in said
    assert all(user.email in said for user in result.accounts[0].users)
    assert result.accounts[1].users[0].email in said
    assert "view, edit, add, export" in said
    assert "nothing yet" in said


def test_the_command_says_what_went_wrong_and_fails(settings: Settings) -> None:
    output = io.StringIO()
    away = changed(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(typer.Exit) as ended:
        command.run(away, accounts=1, leads=1, console=Console(file=output, width=200))
    assert ended.value.exit_code == 1
    assert "leadconnect: DATABASE_URL: the database cannot be reached" in output.getvalue()
