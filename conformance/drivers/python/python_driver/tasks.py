"""The functions of tasks and initializers (section 5 of the protocol). Each is found by pickle under its
own name in this module, as processes need it."""

import os
import signal
import threading
import time

from .errors import error_of_kind
from .implementation import chosen
from .values import OpaqueToTransfer

marks = threading.local()  # of a worker, be it a thread or the main thread of a process


def square(n):
    return n * n


def add(a, b):
    return a + b


def multiply(a, b):
    return a * b


def is_prime(n):
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 1
    return n > 1


def echo(value):
    return value


def nothing():
    return None


def fail(kind):
    raise error_of_kind(kind, "as told")


def sleep(nanoseconds):
    time.sleep(nanoseconds / 1e9)


def print_line(text):
    os.write(2, (text + "\n").encode())


def concat(*texts):
    return "".join(texts)


def ident():
    return chosen().functions["get_ident"]()


def name():
    return chosen().functions["current_worker"]().name


def set_mark(n):
    marks.mark = n


def get_mark():
    return getattr(marks, "mark", None)


def start_worker():
    worker = chosen().Worker(target=nothing)
    worker.start()
    worker.join()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(nanoseconds):
    # A timer of the kernel, so that nothing in this process has to be able to run: the signal has its
    # own action, which is the end of the process.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, max(nanoseconds, 1000) / 1e9)


def opaque():
    return OpaqueToTransfer()


def put_to(queue, value):
    queue.put(value)


def keep(queue):
    marks.queue = queue


def put_kept(value):
    marks.queue.put(value)


FUNCTIONS = {
    function.__name__: function
    for function in (
        square,
        add,
        multiply,
        is_prime,
        echo,
        nothing,
        fail,
        sleep,
        concat,
        ident,
        name,
        set_mark,
        get_mark,
        start_worker,
        die,
        die_after,
        opaque,
        put_to,
        keep,
        put_kept,
    )
} | {"print": print_line}

TAKES_QUEUE = ("put_to", "keep")


def function_named(text):
    """A closure for `opaque_function`; what is no name of a function stands for itself."""
    if text == "opaque_function":
        here = object()
        return lambda *_: here
    return FUNCTIONS.get(text, text)
