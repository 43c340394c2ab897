"""What the driver answers, and how it ends: sections 1 to 4 of the protocol, and bad input."""

import os
import sys
import tempfile
import unittest
from unittest import mock

from driver_process import DRIVER, DriverProcess

LOCK = {"objects": [{"id": 10, "type": "Lock"}]}
CALLS = [{"id": 1, "object": 10, "op": "acquire"}, {"id": 2, "object": 10, "op": "release"}]
ONE_WORKER = LOCK | {"workers": [{"id": 0, "calls": CALLS}]}


class Messages(unittest.TestCase):
    def test_greeting_and_a_run(self):
        with DriverProcess("--implementation", "standard-library") as driver:
            hello = driver.greet()["hello"]
            self.assertEqual(hello["implementation"], "CPython threading")
            self.assertIn("Lock", hello["capabilities"])
            self.assertNotIn("kill", hello["capabilities"])
            self.assertEqual(driver.run(7, **ONE_WORKER), {"done": 7})
            life, acquire, release = driver.records(0, 7)
            self.assertEqual((life.call, life.state, life.text), (-1, 2, "null"))
            self.assertEqual((acquire.call, acquire.is_error, acquire.text), (1, 0, "true"))
            self.assertEqual((release.call, release.is_error, release.text), (2, 0, "null"))
            self.assertLessEqual(life.invoked, acquire.invoked)
            self.assertLessEqual(acquire.invoked, acquire.responded)
            self.assertLessEqual(acquire.responded, release.invoked)
            self.assertEqual(driver.end(), (0, ""))

    def test_workers_are_processes_in_every_way_to_start_them(self):
        calls = [{"id": 1, "object": 1, "op": "start"}, {"id": 2, "object": 1, "op": "join"}]
        calls.append({"id": 3, "object": 10, "op": "acquire", "args": [False]})
        other = {"id": 1, "calls": [{"id": 4, "object": 10, "op": "acquire"}]}
        scenario = LOCK | {"aligned": True, "workers": [{"id": 0, "calls": calls}, other]}
        for method in ("fork", "spawn", "forkserver"):
            with self.subTest(method), DriverProcess("--start-method", method) as driver:
                self.assertIn("kill", driver.greet("multiprocessing")["hello"]["capabilities"])
                self.assertEqual(driver.run(1, **scenario), {"done": 1})
                self.assertEqual(driver.records(0, 1)[3].text, "false")
                self.assertEqual(driver.records(1, 1)[1].text, "true")

    def test_errors_and_long_texts_are_written_down(self):
        text = "x" * 300
        objects = [{"id": 10, "type": "Queue"}, {"id": 11, "type": "Lock"}]
        calls = [
            {"id": 1, "object": 10, "op": "put", "args": [text]},
            {"id": 2, "object": 10, "op": "get"},
            {"id": 3, "object": 11, "op": "release"},
            {"id": 4, "object": 10, "op": "get_nowait"},
        ]
        with DriverProcess() as driver:
            driver.greet()
            driver.run(1, objects=objects, workers=[{"id": 0, "calls": calls}])
            _, _, get, release, get_nowait = driver.records(0, 1)
            self.assertEqual(get.text, f'"{text}"')
            self.assertTrue(release.text.startswith("RuntimeError "), release.text)
            self.assertTrue(get_nowait.text.startswith("Empty "), get_nowait.text)

    def test_a_full_lane_is_told(self):
        with DriverProcess(slots=2) as driver:
            driver.greet()
            self.assertEqual(driver.run(1, **ONE_WORKER), {"overflow": 1})

    def test_a_program_ends_as_the_scenario_has_it(self):
        for end, status in (("return", 0), ("raise", 1)):
            with self.subTest(end), DriverProcess() as driver:
                driver.greet()
                self.assertIsNone(driver.run(1, ends=end, **ONE_WORKER))
                self.assertEqual(driver.end()[0], status)
                self.assertEqual(len(driver.records(0, 1)), 3)

    def test_what_is_out_of_reach_is_unsupported(self):
        stranger = {"id": 2, "calls": [{"id": 1, "object": 1, "op": "join"}]}
        with DriverProcess() as driver:
            driver.greet()
            answer = driver.run(1, workers=[{"id": 0}, {"id": 1}, stranger])
            self.assertEqual(answer, {"unsupported": 1, "what": "the worker of another worker"})


class BadInput(unittest.TestCase):
    def test_a_bad_message_does_no_harm(self):
        with DriverProcess() as driver:
            driver.greet()
            for message, rule in (
                (b"no json", "1.2"),
                (b"[]", "1.2"),
                (b'{"run": "one"}', "3.1"),
                (b'{"hello": {}}', "2.1"),
            ):
                self.assertTrue(driver.send(message)["error"].startswith("rule " + rule))
            for number, scenario, rule in (
                (1, {}, "5.1"),
                (2, {"workers": [{"id": 1}]}, "5.1"),
                (3, {"workers": [{"id": 0, "calls": [{"id": 1, "op": "x", "who": 2}]}]}, "5"),
                (4, {"workers": [{"id": 0}], "objects": [{"id": 0, "type": "Lock"}]}, "5.1"),
                (5, {"workers": [{"id": 0}], "objects": [{"id": 1, "type": "Clock"}]}, "5"),
                (6, {"workers": [{"id": 0}], "ends": "never"}, "3.9"),
            ):
                answer = driver.run(number, **scenario)
                self.assertEqual(answer["failed"], number)
                self.assertTrue(answer["why"].startswith(f"rule {rule}: "), answer)
            self.assertEqual(driver.run(9, **ONE_WORKER), {"done": 9})
            self.assertIn("not larger", driver.run(9, **ONE_WORKER)["error"])

    def expect_end(self, driver: DriverProcess, status: int, sentence: str):
        code, errors = driver.end()
        self.assertEqual(code, status, errors)
        self.assertRegex(errors, rf"\Adriver.py: .*{sentence}.*\n\Z")

    def test_an_unknown_option(self):
        for option in ("--colour", "--start-method=teleport"):
            with self.subTest(option), DriverProcess(option) as driver:
                self.expect_end(driver, 2, "see --help")

    def test_a_first_message_that_is_no_greeting(self):
        for message in (b"{", b'{"run": 1}', b'{"hello": {"protocol": 1}}'):
            with self.subTest(message), DriverProcess() as driver:
                self.assertIn("error", driver.send(message))
                self.expect_end(driver, 6, "rule [12]")

    def test_a_greeting_that_asks_too_much(self):
        for change, sentence in (
            ({"protocol": 2}, "rule 2.1"),
            ({"backend": "fibers"}, "there is no backend 'fibers'"),
            ({"logs": "/nowhere"}, "rule 4.1"),
        ):
            with self.subTest(change), DriverProcess() as driver:
                self.assertRegex(driver.greet(**change)["error"], sentence)
                self.expect_end(driver, 5, sentence)

    def test_a_package_that_cannot_be_imported(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "freethreading.py"), "w", encoding="utf-8") as file:
                file.write("raise ImportError('it is broken')\n")
            with DriverProcess(environment={"PYTHONPATH": folder}) as driver:
                self.assertIn("it is broken", driver.greet()["error"])
                self.expect_end(driver, 4, "cannot be imported: ImportError: it is broken")

    def test_a_package_that_ends_the_program(self):
        for ending in ("import sys; sys.exit(0)", "raise KeyboardInterrupt", "raise ImportError('\\udcff')"):
            with self.subTest(ending), tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "freethreading.py"), "w", encoding="utf-8") as file:
                    file.write(ending + "\n")
                with DriverProcess(environment={"PYTHONPATH": folder}) as driver:
                    self.assertIn("cannot be imported", driver.greet()["error"])
                    self.expect_end(driver, 4, "cannot be imported")

    def test_an_old_python(self):
        with open(DRIVER, encoding="utf-8") as file:
            beginning = file.read().split("# A worker process")[0]
        with (
            mock.patch.object(sys, "version_info", (3, 9, 2)),
            mock.patch.object(sys.stdout, "write") as answered,
            mock.patch.object(sys.stderr, "write") as said,
            self.assertRaises(SystemExit) as ending,
        ):
            exec(compile(beginning, DRIVER, "exec"), {"__name__": "driver"})
        self.assertEqual(ending.exception.code, 3)
        sentence = "the Python driver needs Python 3.10 or newer, and this is 3.9"
        self.assertIn(sentence, answered.call_args.args[0])
        self.assertIn(sentence, said.call_args.args[0])


if __name__ == "__main__":
    unittest.main()
