"""Reading what wrk and pgbench print."""

import pytest

from bench.load import Call, CannotMeasure, json_call, parse_wrk
from bench.yardstick import COUNT, LIST, PAGE, TOKEN, parse_pgbench

WRK = """Running 2s test @ http://127.0.0.1:41234
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     6.85ms    2.52ms  21.56ms   93.21%
  4624 requests in 2.01s, 40.85MB read

RESULT {"requests":4624,"seconds":2.008613,"received_bytes":42834176,"p50":0.006402,"p99":0.014013,"errors":3}
"""

PGBENCH = """pgbench (18.4)
transaction type: /tmp/script.sql
scaling factor: 1
query mode: prepared
number of clients: 16
number of threads: 1
maximum number of tries: 1
duration: 5 s
number of transactions actually processed: 27185
number of failed transactions: 2 (0.007%)
latency average = 2.943 ms
initial connection time = 21.004 ms
tps = 5436.412345 (without initial connection time)
"""


def test_the_line_of_our_script_is_found_in_the_output_of_wrk() -> None:
    load = parse_wrk(WRK)
    assert (load.requests, load.errors, load.received_bytes) == (4624, 3, 42_834_176)
    assert (load.p50, load.p99) == (0.006402, 0.014013)
    assert load.rate == pytest.approx(2302.08, abs=0.01)


def test_what_wrk_says_instead_is_shown() -> None:
    with pytest.raises(CannotMeasure, match="unable to connect"):
        parse_wrk("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_a_body_stays_on_one_line() -> None:
    call = json_call("POST", "/api/leads", {"additionalNotes": "one\ntwo\tthree", "name": "अदिति"})
    assert call == Call("POST", "/api/leads", '{"additionalNotes":"one\\ntwo\\tthree","name":"अदिति"}')


def test_the_summary_of_pgbench_is_read() -> None:
    pace = parse_pgbench(PGBENCH)
    assert (pace.transactions, pace.failures) == (27_185, 2)
    assert (pace.rate, pace.latency) == (5436.412345, 0.002943)


def test_a_summary_without_its_figures_is_refused() -> None:
    with pytest.raises(CannotMeasure, match="tps"):
        parse_pgbench(PGBENCH.replace("tps", "speed"))


def test_the_yardstick_of_a_list_is_its_three_statements() -> None:
    assert LIST == TOKEN + PAGE + COUNT
    assert LIST.count(";") == 3
