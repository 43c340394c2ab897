#!/usr/bin/env python3
"""Writes the corpora that the fuzz targets start from, in fuzz/corpus/.

    fuzz/make_corpus.py            # writes what is missing, leaves findings alone

Each input is small and has a name that says what it is. A file finding-* is none of these: it was found once, and
stays. The numbers of the doors are the places in the array `doors` of the target.
"""

import json
import pathlib
import random
import struct
import sys

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def text(door, content):
    return bytes([door]) + content.encode()


def size(count):
    return struct.pack("<Q", count)


def string(content):
    return size(len(content)) + content.encode()


def portable():
    """Door: a type; then 0 and the bytes of a value, or 1 and choices."""
    hostile = {
        "int": (0, struct.pack("<i", -7)),
        "bool-2": (1, b"\x02"),
        "text": (4, string("a text")),
        "text-with-a-lying-length": (4, size(2**63) + b"short"),
        "numbers-whose-size-overflows": (5, size(2**63 + 1) + b"ab"),
        "vector-of-bool": (6, size(3) + b"\x00\x01\x01"),
        "flags-with-a-bad-bool": (7, size(1) + struct.pack("<i", 1) + b"\x03\x00\x00\x00"),
        "texts": (8, size(2) + string("one") + string("")),
        "map": (10, size(1) + string("key") + size(2) + struct.pack("<ii", 1, 2)),
        "variant": (16, b"\x02" + string("third")),
        "variant-beyond-the-last": (16, b"\x04"),
        "bitset": (21, string("01" * 35)),
        "bitset-too-short": (21, string("0101")),
        "bitset-of-other-digits": (21, string("2" * 70)),
        "units-without-end": (25, size(2**40) + b"\x00" * 20),
        "tree": (29, b"\x01" + size(2) + b"\x02" + size(0) + b"\x03" + size(0)),
        "tree-deep": (29, (b"\x01" + size(1)) * 600),
        "chain-deep": (30, (string("") + size(0) + b"\x01") * 200),
        "odd-number": (31, struct.pack("<I", 3)),
        "odd-number-of-cereal": (31, struct.pack("<I", 7)),
        "lock": (32, struct.pack("<I", 0)),
        "lock-that-is-a-queue": (32, struct.pack("<I", 1)),
        "lock-beyond-the-last": (32, struct.pack("<I", 400)),
        "condition": (36, struct.pack("<IB", 3, 1) + struct.pack("<I", 4)),
        "exception": (39, string("N13freethreading10ValueErrorE") + size(0) + string("a message")),
        "exception-unknown": (39, string("9Forgotten") + size(1) + string("a message")),
        "system-error": (39, string("St12system_error") + b"\x01" + string("text") + b"\x01" + struct.pack("<i", 4)),
    }
    for name, (door, content) in hostile.items():
        yield name, bytes([door, 0]) + content
    choices = bytes((7 * i + 3) % 251 for i in range(96))
    for door in range(41):
        yield f"chosen-{door:02}", bytes([door, 1]) + choices
    for kind in range(16):
        yield f"chosen-exception-{kind:02}", bytes([39, 1, kind, 9]) + b"a message" + choices[:8]
    for number in range(5):
        yield f"odd-number-{number}", bytes([31, 1]) + struct.pack("<I", 2 * number + 1)
    for depth in (0, 498, 499, 500, 999):
        yield f"tree-of-depth-{depth + 1}", bytes([41]) + struct.pack("<H", depth)
    for known in range(9):
        for length in (9, 60):
            yield f"known-class-{known}-{length}", bytes([42, known]) + bytes(8) + bytes([length]) + choices[:length]


def nested(opening, depth, closing):
    return opening * depth + closing * depth


SCENARIOS = {
    "stopped": {"version": 1, "workers": [
        {"id": 0, "calls": [{"id": 1, "object": 1, "op": "start"}, {"id": 2, "object": 1, "op": "await_blocked"},
                            {"id": 3, "object": 1, "op": "stop"}, {"id": 4, "object": 1, "op": "resume"},
                            {"id": 5, "object": 1, "op": "kill"}, {"id": 6, "object": 1, "op": "join"}]},
        {"id": 1, "calls": [{"id": 7, "op": "get_ident"}]}]},
    "lock": {"version": 1, "objects": [{"id": 10, "type": "Lock"}], "workers": [
        {"id": 0, "calls": [{"id": 1, "object": 1, "op": "start"}, {"id": 2, "object": 1, "op": "join"}]},
        {"id": 1, "parent": 0, "calls": [
            {"id": 3, "object": 10, "op": "acquire", "args": [True], "timeout": 1000000},
            {"id": 4, "object": 10, "op": "release"}]}]},
    "queue": {"version": 1, "seed": 18446744073709551615, "aligned": True, "perturbation": 100, "objects": [
        {"id": 10, "type": "Queue", "args": [2]}], "workers": [
        {"id": 0, "repeat": 3, "calls": [
            {"id": 1, "object": 10, "op": "put", "args": [[1, "two", None, True, {"int": "9007199254740993"}]]},
            {"id": 2, "object": 10, "op": "put", "args": [{"bytes": "00ff"}, False], "timeout": "inf"},
            {"id": 3, "object": 10, "op": "get", "timeout": "nan"}]}]},
    "condition": {"version": 1, "objects": [
        {"id": 10, "type": "RLock"}, {"id": 11, "type": "Condition", "args": [10]}, {"id": 12, "type": "Cell"}],
        "workers": [{"id": 0, "calls": [{"id": 1, "object": 11, "op": "wait_for", "args": [12, 1], "timeout": "text"},
                                        {"id": 2, "object": 11, "op": "with", "args": ["raise"]}]}]},
    "pool": {"version": 1, "ends": "raise", "objects": [
        {"id": 10, "type": "WorkerPool", "args": [2, "fail", []]}, {"id": 11, "type": "AsyncResult"},
        {"id": 12, "type": "Cell"}, {"id": 13, "type": "Event"}, {"id": 14, "type": "Future"}], "workers": [
        {"id": 0, "calls": [
            {"id": 1, "object": 10, "op": "apply_async", "args": ["square", [7], ["expect", 12, 49], ["set", 13]], "into": 11},
            {"id": 2, "object": 11, "op": "get"}, {"id": 3, "object": 10, "op": "drop"},
            {"id": 4, "object": 14, "op": "add_done_callback", "args": [["add", 12]]}]}]},
    "misused": {"version": 1, "objects": [{"id": 10, "type": "Barrier", "args": [{"opaque": "rebuild"}, {"fraction": "1.5"}]}],
                "workers": [
        {"id": 0, "calls": [{"id": 1, "op": "enumerate"}, {"id": 2, "object": 2, "op": "kill"}]},
        {"id": 2, "parent": 0, "name": "n", "daemon": True, "misuse": "spoilt", "calls": [
            {"id": 3, "op": "raise", "args": ["ValueError", "m"]}]}]},
}
REJECTED = {
    "other-version": {"version": 2, "workers": [{"id": 0}]},
    "ids-twice": {"version": 1, "objects": [{"id": 0, "type": "Lock"}], "workers": [{"id": 0}]},
    "parent-of-itself": {"version": 1, "workers": [{"id": 0}, {"id": 1, "parent": 1}]},
    "parents-in-a-circle": {"version": 1, "workers": [{"id": 0}, {"id": 1, "parent": 2}, {"id": 2, "parent": 1}]},
    "raise-in-the-midst": {"version": 1, "workers": [{"id": 0}, {"id": 1, "parent": 0, "calls": [
        {"id": 1, "op": "raise", "args": ["Full", ""]}, {"id": 2, "op": "get_ident"}]}]},
    "drop-in-the-parent": {"version": 1, "objects": [{"id": 10, "type": "Lock"}], "workers": [
        {"id": 0, "calls": [{"id": 1, "object": 10, "op": "drop"}, {"id": 2, "object": 1, "op": "start"}]},
        {"id": 1, "parent": 0, "calls": [{"id": 3, "object": 10, "op": "acquire"}]}]},
    "callback-of-nothing": {"version": 1, "objects": [{"id": 10, "type": "Future"}], "workers": [
        {"id": 0, "calls": [{"id": 1, "object": 10, "op": "add_done_callback", "args": [["add", 4294967306]]}]}]},
}


def protocol():
    """Doors: request, scenario, value, greeting, answer, hello, lines, last words, hostile lanes, honest lane."""
    for name, scenario in {**SCENARIOS, **REJECTED}.items():
        yield "scenario-" + name, text(1, json.dumps(scenario))
    for name, request in {
        "run": {"run": 7, "scenario": SCENARIOS["lock"]},
        "run-0": {"run": 0, "scenario": SCENARIOS["lock"]},
        "hello": {"hello": {"protocol": 1, "backend": "threading", "logs": "/tmp/l", "lanes": 8, "slots": 4096}},
        "hello-of-no-lanes": {"hello": {"protocol": 1, "backend": "b", "logs": "", "lanes": 0, "slots": 2**63}},
    }.items():
        yield "request-" + name, text(0, json.dumps(request))
    yield "request-torn", text(0, json.dumps({"run": 7, "scenario": SCENARIOS["queue"]})[:-40])
    for name, value in {
        "list": '[1,-2,"x",null,true,false,[]]', "bytes": '{"bytes":"00fF"}', "odd-bytes": '{"bytes":"0"}',
        "int": '{"int":"-9223372036854775808"}', "too-large": '{"int":"9223372036854775808"}',
        "fraction": '{"fraction":"-1.5e300"}', "infinite": '{"fraction":"inf"}', "opaque": '{"opaque":"transfer"}',
        "text": '"\\u00e9\\ud83d\\ude00\\n\\u0001\\""', "no-utf-8": '"\xff"', "number": "1e3",
        "deep": nested("[", 150, "]"), "too-deep": nested("[", 300, "]"),
    }.items():
        yield "value-" + name, text(2, value) if name != "no-utf-8" else bytes([2]) + b'"\xff"'
    greeting = {"hello": {"protocol": 1, "implementation": "i", "version": "1", "language": "C++",
                          "backends": ["threading", "multiprocessing"],
                          "capabilities": ["Lock", "-Lock.with", "Queue.put", "kill"]}}
    yield "greeting", text(3, json.dumps(greeting))
    yield "greeting-of-another-version", text(3, '{"hello":{"protocol":2}}')
    yield "greeting-refused", text(3, '{"error":"no such backend"}')
    yield "greeting-no-json", text(3, "Traceback (most recent call last):")
    for answer in ('{"done":7}', '{"unsupported":7,"what":"Lock"}', '{"failed":7,"why":"because"}', '{"overflow":7}',
                   '{"done":8}', '{"done":-1}', '{}', '{"unsupported":7,"what":7}'):
        yield "answer-" + "".join(c for c in answer if c.isalnum()), bytes([4, 7]) + answer.encode()
    yield "hello", bytes([5, 1]) + struct.pack("<Hi", 300, 70000)
    yield "lines", bytes([6, 5]) + b"one\nt" + b"\x01\x03wo\n\x00\x02\n\n\x01\x04last\x01"
    yield "lines-empty", bytes([6])
    yield "words", bytes([7, 3, 0]) + b"what():  terminate called\n"
    yield "words-long", bytes([7, 0xcf, 7]) + b"0123456789abcdef" * 12
    def slot(run, worker, call, state, outcome, invoked, responded, content, lie=None):
        packed = bytes([1] if run == 7 else [0, run]) + bytes([1])
        packed += struct.pack("<bBBhh", call, state, outcome, invoked, responded)
        packed += bytes([1, len(content)]) if lie is None else b"\x00" + struct.pack("<I", lie)
        return packed + bytes([len(content)]) + content
    nothing = slot(0, 0, 0, 0, 0, 0, 0, b"")
    for name, lane in {
        "life": slot(7, 0, -1, 1, 0, 1, 0, b"") + nothing * 3,
        "calls": slot(7, 0, -1, 2, 0, 1, 9, b"null") + slot(7, 0, 1, 2, 0, 2, 3, b"true")
        + slot(7, 0, 2, 2, 0, 4, 5, b"null") + slot(7, 0, 3, 1, 0, 6, 0, b""),
        "error": slot(7, 0, -1, 2, 0, 1, 9, b"null") + slot(7, 0, 3, 2, 1, 2, 3, b"Empty because") + nothing * 2,
        "lying-length": slot(7, 0, -1, 2, 0, 1, 9, b"null") + slot(7, 0, 1, 2, 0, 2, 3, b"x", 0xffffffff) + nothing * 2,
        "backwards": slot(7, 0, -1, 2, 0, 9, 1, b"null") + nothing * 3,
        "unknown-call": slot(7, 0, -1, 1, 0, 1, 9, b"null") + slot(7, 0, 77, 1, 0, 2, 3, b"") + nothing * 2,
    }.items():
        yield "lane-" + name, bytes([8]) + lane + b"\x00\x00" + lane + b"\x07\x00"
    for calls in range(4):
        yield f"honest-lane-{calls}", bytes([9, calls]) + b"\x00\x28" + b"0123456789" * 4 + b"\x01\x01\x07\x01\x02\x00\x00"


def requirement(number, **changes):
    whole = {"id": f"LOCK-{number}", "level": "required", "kind": "deterministic", "text": "a sentence",
             "backends": ["threading", "multiprocessing"], "source": ["guide"], "look_at": "acquire"}
    return {**whole, **changes}


def requirements():
    """Doors: requirements, expectations, update, report, written report, names, kill matrix."""
    original = {"threading": [{"outcome": "hangs", "when": "always"}], "multiprocessing": []}
    for name, file in {
        "one": {"version": 1, "name": "Lock", "also": ["RLock"], "requirements": [requirement(1)], "absent": []},
        "more": {"version": 1, "name": "Lock", "requirements": [
            requirement(10, level="permitted", kind="fault", original=original),
            requirement(2, level="recommended", kind="liveness", backends=["threading"])],
            "absent": [{"id": "LOCK-3", "reason": "gone"}]},
        "twice": {"version": 1, "name": "Lock", "requirements": [requirement(1), requirement(1)], "absent": []},
        "of-no-backend": {"version": 1, "name": "Lock", "requirements": [requirement(1, backends=[])], "absent": []},
        "unknown-member": {"version": 1, "name": "Lock", "requirements": [requirement(1, more=1)], "absent": []},
        "other-version": {"version": 2, "name": "Lock", "requirements": [], "absent": []},
    }.items():
        yield "requirements-" + name, text(0, json.dumps(file))
    def expected(**members):
        return {"version": 1, "implementation": "mine", "backend": "threading", **members}
    def entry(name, **members):
        return {"id": name, "reason": "known", "link": "LOCK-1", **members}
    for name, file in {
        "none": expected(),
        "all": expected(failures=[entry("LOCK-1")], flaky=[entry("Lock.LOCK_2_*", at_most=2)],
                        wedging=[entry("Lock.LOCK_30_is_not")]),
        "twice": expected(failures=[entry("LOCK-1")], flaky=[entry("Lock.LOCK_1_is_free")]),
        "too-many": expected(failures=[entry("Lock.*", at_most=1)]),
        "absent": expected(failures=[entry("LOCK-4")]),
        "unknown": expected(failures=[entry("LOCK-99")]),
        "no-text": expected(failures=[{"id": "", "reason": 1}]),
    }.items():
        yield "expectations-" + name, text(1, "\x01" + json.dumps(file))
    for i in range(6):
        yield f"update-{i}", bytes([2]) + bytes((i * 37 + j * 11) % 256 for j in range(40))
    header = {"report": 1, "suite": "0.1.0", "driver": "d", "backend": "threading", "variant": "plain",
              "implementation": "i", "version": "1", "language": "C++", "seed": 1, "time_scale": 1.0, "effort": 1.0,
              "all_tests": 4, "tests": 1}
    record = {"test": "Lock.LOCK_1_is_free", "id": "LOCK-1", "verdict": "pass", "runs": 1, "seconds": 0.5}
    end = {"end": {"counts": {"pass": 1}, "exit": 0}}
    for name, lines in {
        "whole": [header, record, {"comparison": {"variant": "plain"}}, end],
        "merged": [{**header, "merged": []}],
        "failure": [header, {**record, "verdict": "fail", "reason": "r", "details": "d", "scenario": "s"},
                    {"end": {"counts": {"fail": 1}, "exit": 1}}],
        "wrong-count": [header, record, {"end": {"counts": {"pass": 2}, "exit": 0}}],
        "wrong-exit": [header, {**record, "verdict": "fail"}, {"end": {"counts": {"fail": 1}, "exit": 0}}],
        "after-the-end": [header, record, end, record],
        "unknown-verdict": [header, {**record, "verdict": "perhaps"}],
        "other-suite": [{**header, "suite": "0.0.1"}],
        "unknown-backend": [{**header, "backend": "fibers"}],
        "unknown-requirement": [header, {**record, "test": "Lock.LOCK_99_is_new", "id": "LOCK-99"}, end],
        "other-number-of-tests": [{**header, "all_tests": 1}, record, end],
    }.items():
        yield "report-" + name, text(3, "".join(json.dumps(line) + "\n" for line in lines))
    other = {**header, "backend": "multiprocessing"}
    failure = {**record, "verdict": "fail", "reason": "r"}
    for name, lines in {
        "backends": [other, record, end],
        "backends-that-differ": [other, failure, {"end": {"counts": {"fail": 1}, "exit": 1}}],
        "implementations": [{**other, "implementation": "j"}, record, end],
        "one-that-breaks-off": [other, record],
        "parts": [header, {**record, "test": "Lock.LOCK_1_is_taken"}, end],
    }.items():
        content = ["".join(json.dumps(line) + "\n" for line in part) for part in ([header, record, end], lines)]
        yield "reports-" + name, text(3, "\n".join(content))
    yield "report-that-breaks-off", text(3, json.dumps(header) + "\n" + json.dumps(record)[:30])
    yield "report-empty", bytes([3])
    for i in range(4):
        yield f"written-report-{i}", bytes([4]) + bytes((i * 53 + j * 29) % 256 for j in range(24))
    for name, words in {"test": "LOCK_1_is_free", "zero": "LOCK_0_x", "command": "'my driver' --a \"b c\" d\\ e", "quote": "'"}.items():
        yield "name-" + name, text(5, words)
    run = {"mutant": "m", "backend": "threading", "seed": 1, "found": {"LOCK-1": 0.5}, "tested": ["LOCK-1", "LOCK-2"],
           "must_fail": ["LOCK-1"]}
    for name, lines in {
        "killed": [run, {**run, "seed": 2}],
        "survives": [run, {**run, "backend": "multiprocessing", "found": {"LOCK-2": 1}}],
        "twice": [run, run],
        "unknown": [{**run, "found": {"LOCK-99": 1}}],
        "no-numbers": [{**run, "found": {"LOCK-1": "soon"}}],
    }.items():
        yield "kill-matrix-" + name, text(6, "".join(json.dumps(line) + "\n" for line in lines))


def checker():
    """Doors: a model each; then choices: how they turn out depends on how many there are, and on the first ones."""
    for door in range(18):
        for way in range(3):
            choices = bytes((way * 89 + i * (2 * way + 1) * 37 + (i * i) // 3) % 256 for i in range(60))
            yield f"model-{door:02}-{way}", bytes([door]) + choices


# Of arena: the first byte of each step, and what follows it.
ALLOCATE, ALLOCATE_NOT, FREE, FREE_NOT, CHANGE_HANDS, DIE = (bytes([n]) for n in (0, 3, 4, 5, 6, 7))


def block(magnitude, more=0):
    return bytes([magnitude, more])


def death(taken, first, second, way, instructions):
    return DIE + taken + first + second + bytes([way]) + struct.pack("<H", instructions)


def arena():
    """No doors: steps."""
    several = b"".join(ALLOCATE + block(magnitude, 7) for magnitude in (4, 6, 8, 8, 10, 17))
    yield "allocate-and-free", several + FREE + b"\x01" + FREE + b"\x01" + FREE + b"\x00"
    yield "merge-with-both-neighbours", several + FREE + b"\x01" + FREE + b"\x02" + FREE + b"\x01"
    yield "not-committed", several + ALLOCATE_NOT + block(9) + FREE_NOT + b"\x02" + FREE + b"\x02"
    yield "change-hands", several + CHANGE_HANDS + b"\x03" + FREE + b"\x03"
    yield "full", (ALLOCATE + block(22, 255)) * 5 + FREE + b"\x00" + ALLOCATE + block(22)
    yield "give-pages-back", (ALLOCATE + block(19)) * 3 + (FREE + b"\x00") * 3
    for way in range(4):
        for instructions in (0, 900, 4000, 19999):
            yield (f"death-{way}-after-{instructions}",
                   several + FREE + b"\x02" + death(b"\x01", block(7), block(12), way, instructions))
    yield "death-without-a-block", death(b"", block(5), block(5), 0, 1500) + ALLOCATE + block(5)


def scenario():
    """Doors: large, small, small with rounds, one after the other, liar; then a family and choices, by lot. Pools have
    more to choose from, and the longest scenarios."""
    pools = (10, 11)
    for door in range(5):
        for family in range(15):
            for number in range(8 if family in pools and door in (0, 4) else 2):
                lot = random.Random(f"{door} {family} {number}")
                longest = bytes([59]) if door == 0 and number > 0 else b""
                yield f"door-{door}-family-{family:02}-{number}", bytes([door, family]) + longest + lot.randbytes(300)


def main():
    count = 0
    for target in (portable, protocol, requirements, checker, arena, scenario):
        folder = CORPUS / target.__name__
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in target():
            (folder / name).write_bytes(content)
            count += 1
    print(f"{count} inputs")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
