"""Connections: how the connect timeout is shared by the IP addresses of a host."""

from __future__ import annotations

import pytest

from feedarchive.polling import dialer
from feedarchive.polling.dialer import ConnectTimeout, Dialer, TimedSocket
from tests.harness.raw_server import Conversation, raw_server


class SimulatedTime:
    """Stands in for the time module."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_addresses_that_do_not_respond_share_the_timeout_equally(monkeypatch: pytest.MonkeyPatch) -> None:
    time, timeouts = SimulatedTime(), []

    def time_out(self: Dialer, address: str, port: int, timeout: float) -> TimedSocket:
        timeouts.append((address, timeout))
        time.now += timeout
        raise TimeoutError

    monkeypatch.setattr(dialer, "time", time)
    monkeypatch.setattr(Dialer, "_connect", time_out)
    addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    with pytest.raises(ConnectTimeout):
        Dialer(lambda address: True, resolver=lambda host: addresses).open("a.example", 80, 30.0)
    assert timeouts == [(address, 10.0) for address in addresses]


def test_the_time_that_other_addresses_did_not_need_is_left_for_the_tls_handshake() -> None:
    with raw_server(Conversation.wait_for_close) as server:
        several = Dialer(lambda address: True, resolver=lambda host: ["127.0.0.1", "127.0.0.2"])
        with several.open("a.example", server.port, 1000.0) as connection:
            timeout = connection.gettimeout()
    assert timeout is not None
    assert timeout > 500.0
