"""Measure the CPU time of polling a feed that has not changed.

500 feeds on different hosts are polled, each on a new connection. Every response has the status 304.

    .venv/bin/python -m benchmarks.corpus.fetch_cost [HOSTS [THREADS]]

The server is another process on this machine. A fake resolver returns its address for every host.
"""

from __future__ import annotations

import cProfile
import multiprocessing
import pstats
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher, NotModified
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.validators import Validators

_RESPONSE = (
    b"HTTP/1.1 304 Not Modified\r\nDate: Thu, 25 Dec 2025 10:00:00 GMT\r\nServer: nginx\r\nConnection: close\r\n"
    b'ETag: "abcdef-123456"\r\nLast-Modified: Thu, 25 Dec 2025 09:00:00 GMT\r\nCache-Control: max-age=600\r\n'
    b"Vary: Accept-Encoding\r\nX-Cache: HIT\r\nAge: 12\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n"
)


def _serve(pipe: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        pipe.send(listening.getsockname()[1])
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(_RESPONSE)


def main(hosts: int = 500, threads: int = 1) -> None:
    parent, child = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(child,), daemon=True)
    server.start()
    port = parent.recv()
    feeds = [Feed(f"http://host-{n}.example:{port}/feed.xml", f"f{n}") for n in range(hosts)]
    environment = FetchEnvironment(resolver=lambda name: ["127.0.0.1"])

    def poll(feed: Feed) -> None:
        result = fetcher.fetch(feed, Validators('"abcdef-123456"', "Thu, 25 Dec 2025 09:00:00 GMT"))
        assert isinstance(result, NotModified), result

    with (
        closing(Fetcher("https://example.org/about", True, environment=environment)) as fetcher,
        ThreadPoolExecutor(threads) as pool,
    ):
        poll(feeds[0])
        before, started = time.process_time(), time.perf_counter()
        list(pool.map(poll, feeds))
        spent, took = time.process_time() - before, time.perf_counter() - started
        print(f"{hosts} hosts, {threads} threads: {1000 * spent / hosts:.2f} ms of CPU each, {took:.2f} s in all")
        profile = cProfile.Profile()
        profile.enable()
        for feed in feeds:
            poll(feed)
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    server.terminate()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
