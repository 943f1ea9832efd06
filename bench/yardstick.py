"""The yardstick: PostgreSQL alone, driven by its own pgbench with the statements that a list of leads needs at least.

They run as the superuser, so without row security, prepared, each on its own without a transaction around them.
"""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.load import CannotMeasure

TOKEN = """
select t.account_id, t.user_id, t.session_id, u.role, u.is_active
from tokens t
join sessions s on s.account_id = t.account_id and s.id = t.session_id
join users u on u.account_id = t.account_id and u.id = t.user_id
where t.token = :digest and t.token_type = 'access' and t.expires_at > now() and s.revoked_at is null;
"""
PAGE = """
select id, name, phone_number, email, date_of_birth, city, state, country, pincode, company_name, designation,
    customer_category, last_contacted_date, last_contacted_by, next_followup_date, customer_interested_in,
    preferred_communication_channel, custom_communication_channel, lead_source, custom_lead_source,
    custom_referral_source, custom_generated_by, lead_status, lead_created_by, additional_notes, sector, custom_sector,
    user_id, created_at, updated_at
from leads where account_id = :account and deleted_at is null
order by created_at desc, id desc limit 20;
"""
COUNT = "select count(*) from leads where account_id = :account and deleted_at is null;\n"
LIST = TOKEN + PAGE + COUNT


class Pace(msgspec.Struct, frozen=True):
    """What one run of pgbench saw: transactions, of one or more statements, and their mean duration in seconds."""

    transactions: int
    rate: float
    latency: float
    failures: int


def run_pgbench(
    binaries: Path, url: str, script: str, variables: dict[str, str], *, seconds: int, clients: int
) -> Pace:
    """Run `script` over `clients` for `seconds` against the database `url`."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(script)
        command = [str(binaries / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2"]
        command += [f"--time={seconds}", f"--file={file}"]
        command += [f"--define={name}={value}" for name, value in variables.items()]
        done = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 30)
    if done.returncode != 0:
        raise CannotMeasure(f"pgbench failed: {done.stderr.strip()}")
    return parse_pgbench(done.stdout)


def parse_pgbench(output: str) -> Pace:
    """Read the summary that pgbench prints."""
    return Pace(
        transactions=int(_figure(r"number of transactions actually processed: (\d+)", output)),
        rate=_figure(r"tps = ([\d.]+)", output),
        latency=_figure(r"latency average = ([\d.]+) ms", output) / 1000,
        failures=int(_figure(r"number of failed transactions: (\d+)", output)),
    )


def _figure(pattern: str, output: str) -> float:
    found = re.search(pattern, output)
    if found is None:
        raise CannotMeasure(f"pgbench did not print {pattern!r}: {output.strip()}")
    return float(found.group(1))
