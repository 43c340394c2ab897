#!/usr/bin/env python3
"""CPython's own modules in the rows of the table: what the API's user would have without it.

    FREETHREADING_BACKEND=multiprocessing bench/cpython/cpython_bench.py --benchmark_out=results.json

Prints JSON as Google Benchmark does, with the same options as far as bench/table needs them. Workers are threads, or
processes by fork; an operation's time is that of the whole round, divided by the operations.
"""

import argparse
import concurrent.futures
import json
import multiprocessing
import multiprocessing.pool
import os
import queue
import re
import sys
import threading
import time

FORK = multiprocessing.get_context("fork")


class Threads:
    """threading, queue and concurrent.futures, by the names that Processes has."""

    name = "threading"
    Worker = threading.Thread
    Lock, RLock, Semaphore, Event = threading.Lock, threading.RLock, threading.Semaphore, threading.Event
    Barrier, Condition, Queue, SimpleQueue = threading.Barrier, threading.Condition, queue.Queue, queue.SimpleQueue
    Pool = staticmethod(multiprocessing.pool.ThreadPool)

    @staticmethod
    def array(size):
        return [0] * size

    @staticmethod
    def executor(workers):
        return concurrent.futures.ThreadPoolExecutor(workers)


class Processes:
    name = "multiprocessing"
    Worker = FORK.Process
    Lock, RLock, Semaphore, Event = FORK.Lock, FORK.RLock, FORK.Semaphore, FORK.Event
    Barrier, Condition, Queue, SimpleQueue = FORK.Barrier, FORK.Condition, FORK.Queue, FORK.SimpleQueue
    Pool = staticmethod(FORK.Pool)

    @staticmethod
    def array(size):
        return FORK.Array("q", size, lock=False)

    @staticmethod
    def executor(workers):
        return concurrent.futures.ProcessPoolExecutor(workers, mp_context=FORK)


def increment(number):
    return number + 1


def nothing():
    pass


def acquire_release(lock, depth=1):
    def run(operations):
        for _ in range(operations):
            for _ in range(depth):
                lock.acquire()
            for _ in range(depth):
                lock.release()

    return run


def alone(operations, run):
    """Nanoseconds of one operation, done by this program itself."""
    begin = time.perf_counter_ns()
    run(operations)
    return (time.perf_counter_ns() - begin) / operations


def together(module, workers, counted, run):
    """Nanoseconds of a round, by the operations that count. `run(index)` is what a worker does."""
    begins, ends, start = module.array(workers), module.array(workers), module.Barrier(workers)

    def work(index):
        start.wait()
        begins[index] = time.monotonic_ns()
        run(index)
        ends[index] = time.monotonic_ns()

    team = [module.Worker(target=work, args=(index,)) for index in range(workers)]
    for worker in team:
        worker.start()
    for worker in team:
        worker.join()
    return (max(ends) - min(begins)) / counted


def contended(module, lock, workers, operations):
    return together(module, workers, operations // workers * workers,
                    lambda _: acquire_release(lock)(operations // workers))


def round_trips(module, operations, wait, signal):
    """`wait(me)` waits for a signal, `signal(me)` signals the other."""

    def run(me):
        for _ in range(operations):
            wait(me)
            signal(me)

    return together(module, 2, operations, run)


def event_round_trip(module):
    events = [module.Event(), module.Event()]
    events[0].set()

    def wait(me):
        events[me].wait()
        events[me].clear()

    return round_trips(module, 300, wait, lambda me: events[1 - me].set())


def condition_round_trip(module):
    condition, holder = module.Condition(module.Lock()), module.array(1)

    def wait(me):
        with condition:
            while holder[0] != me:
                condition.wait()

    def signal(me):
        with condition:
            holder[0] = 1 - me
            condition.notify()

    return round_trips(module, 300, wait, signal)


def barrier_generation(module, workers):
    barrier = module.Barrier(workers)

    def run(_):
        for _ in range(100):
            barrier.wait()

    return together(module, workers, 100, run)


def transfer(module, made, pairs, operations, message):
    def run(index):
        if index < pairs:
            for _ in range(operations):
                made.put(message)
        else:
            for _ in range(operations):
                made.get()

    return together(module, 2 * pairs, pairs * operations, run)


def queue_round_trip(module, message=1, operations=300):
    there, back = module.SimpleQueue(), module.SimpleQueue()

    def run(me):
        for _ in range(operations):
            if me == 0:
                there.put(message)
                back.get()
            else:
                back.put(there.get())

    return together(module, 2, operations, run)


def start_join(module, times=20):
    def run(operations):
        for _ in range(operations):
            worker = module.Worker(target=nothing)
            worker.start()
            worker.join()

    return alone(times, run)


def start_join_1gib(module):
    ballast = bytearray(1 << 30)
    for place in range(0, len(ballast), 4096):
        ballast[place] = 1
    return start_join(module, 3)


def pool_map(module, items, chunk_size=None):
    numbers = range(items)
    with module.Pool(2) as pool:
        pool.map(increment, range(100))
        return alone(1, lambda _: pool.map(increment, numbers, chunk_size)) / items


def submit_result(module):
    with module.executor(2) as executor:
        executor.submit(increment, 1).result()

        def run(operations):
            for _ in range(operations):
                executor.submit(increment, 1).result()

        return alone(300, run)


def rows(module):
    """Each row of the table that CPython has, and what measures it."""
    on_processes = module is Processes
    yield "lock/uncontended", lambda: alone(100_000, acquire_release(module.Lock()))
    for workers in (2, 4, 8):
        yield (f"lock/contended/workers:{workers}/steps:0",
               lambda workers=workers: contended(module, module.Lock(), workers, 40_000))
    for depth in (1, 3):
        yield f"rlock/depth:{depth}", lambda depth=depth: alone(50_000, acquire_release(module.RLock(), depth))
    yield "semaphore/uncontended", lambda: alone(50_000, acquire_release(module.Semaphore(1)))
    yield "semaphore/contended/workers:4/permits:2", lambda: contended(module, module.Semaphore(2), 4, 20_000)
    yield "condition/round_trip/free", lambda: condition_round_trip(module)
    yield "event/round_trip/free", lambda: event_round_trip(module)
    for workers in (2, 4, 8):
        yield f"barrier/generation/workers:{workers}", lambda workers=workers: barrier_generation(module, workers)
    for pairs in (1, 2, 4):
        yield (f"queue/items/{pairs}p{pairs}c",
               lambda pairs=pairs: transfer(module, module.Queue(), pairs, 10_000 // pairs, 1))
    yield "queue/round_trip/free", lambda: queue_round_trip(module)
    if on_processes:
        for size, operations in ((1 << 10, 3000), (64 << 10, 500), (1 << 20, 30)):
            yield (f"queue/transfer/bytes:{size}", lambda size=size, operations=operations:
                   transfer(module, module.Queue(), 1, operations, b"x" * size))
            yield (f"queue/round_trip/bytes:{size}", lambda size=size, operations=operations:
                   queue_round_trip(module, b"x" * size, max(10, operations // 10)))
        yield "worker/start_join_1gib", lambda: start_join_1gib(module)
    yield "worker/start_join", lambda: start_join(module)
    yield "pool/map/automatic_chunks", lambda: pool_map(module, 1_000_000)
    yield "pool/map/chunk:1", lambda: pool_map(module, 10_000, 1)
    yield "executor/submit_result", lambda: submit_result(module)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark_filter", default="")
    parser.add_argument("--benchmark_out")
    parser.add_argument("--benchmark_list_tests", action="store_true")
    options = parser.parse_known_args()[0]
    backend = os.environ.get("FREETHREADING_BACKEND", "threading")
    modules = {module.name: module for module in (Threads, Processes)}
    if backend not in modules:
        print(f"FREETHREADING_BACKEND: {backend!r} is not one of {', '.join(modules)}", file=sys.stderr)
        return 2
    made = []
    for row, measure in rows(modules[backend]):
        name = f"{backend}/{row}/cpython"
        if not re.search(options.benchmark_filter, name):
            continue
        if options.benchmark_list_tests:
            print(name)
            continue
        nanoseconds = measure()
        made.append({"name": name, "run_name": name, "run_type": "iteration", "iterations": 1,
                     "real_time": nanoseconds, "cpu_time": nanoseconds, "time_unit": "ns"})
    if options.benchmark_list_tests:
        return 0
    text = json.dumps({"context": {"python": sys.version}, "benchmarks": made}, indent=1)
    if options.benchmark_out:
        with open(options.benchmark_out, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
