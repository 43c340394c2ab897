"""Parts of the driver that need no runner."""

import concurrent.futures.process
import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from python_driver import board, control, errors, lane, values  # noqa: E402


class Values(unittest.TestCase):
    def test_there_and_back(self):
        for json in (
            None,
            True,
            2**53 - 1,
            {"int": str(2**53)},
            {"int": "-9223372036854775808"},
            "text",
            {"bytes": "00ff"},
            {"fraction": "1.5"},
            [[], [1, None]],
            {"opaque": "transfer"},
        ):
            self.assertEqual(values.value_to_json(values.value_from_json(json)), json)

    def test_what_is_no_value(self):
        for json in ({}, {"int": "one"}, {"bytes": "f"}, {"opaque": "glass"}, {"x": 1}):
            with self.assertRaises(errors.DriverFault):
                values.value_from_json(json)

    def test_opaque_values(self):
        with self.assertRaises(TypeError):
            pickle.dumps([values.OpaqueToTransfer()])
        with self.assertRaises(errors.OtherError):
            pickle.loads(pickle.dumps([values.OpaqueToRebuild()]))
        spoilable = values.Spoilable()
        pickle.loads(pickle.dumps(spoilable))
        spoilable.is_spoilt = True
        with self.assertRaises(TypeError):
            pickle.dumps(spoilable)


class Errors(unittest.TestCase):
    def test_a_kind_is_that_of_its_class(self):
        for error, kind in (
            (threading.BrokenBarrierError(), "BrokenBarrierError"),
            (queue.Empty(), "Empty"),
            (TimeoutError(), "TimeoutError"),
            (concurrent.futures.CancelledError(), "CancelledError"),
            (concurrent.futures.process.BrokenProcessPool(), "BrokenWorkerPool"),
            (RuntimeError(), "RuntimeError"),
            (AssertionError(), "Other"),
            (OverflowError(), "Other"),
            (OSError(22, "invalid"), "Other"),
            (pickle.PicklingError(), "Other"),
        ):
            self.assertEqual(errors.kind_of(error), kind)

    def test_every_kind_can_be_raised(self):
        for kind in [it[0] for it in errors.CLASSES_OF_KINDS] + ["Other"]:
            self.assertEqual(errors.kind_of(errors.error_of_kind(kind, "message")), kind)


class LaneTest(unittest.TestCase):
    def test_what_is_left_of_a_last_slot_is_no_number_of_a_run(self):
        with tempfile.TemporaryDirectory() as folder:
            lane.make_lane_files(folder, 1, 8)
            with self.assertRaises(FileExistsError):
                lane.make_lane_files(folder, 1, 8)
            memory = lane.lane_memory(folder, 0)
            writer = lane.Lane(memory, 5, 3)
            writer.invoke(9)
            writer.respond(1, lane.VALUE, b"y" * 85)
            self.assertEqual(bytes(memory[256:264]), b"y" + b"\xff" * 7)
            self.assertFalse(writer.has_overflowed)
            writer.invoke(10)
            writer.respond(1, lane.VALUE, b"y" * 2000)
            self.assertTrue(writer.has_overflowed)

    def test_slots_of_texts(self):
        for size, slots in ((0, 1), (84, 1), (85, 2), (212, 2), (213, 3)):
            self.assertEqual(lane.text_slots(size), slots)


class Control(unittest.TestCase):
    def test_who_sleeps_is_blocked_and_who_ended_is_gone(self):
        shared = board.make(2)
        shared.begin_run()
        gate = threading.Event()

        def sleep():
            shared.note_begun(1)
            gate.wait()
            shared.note_ended(1)

        sleeper = threading.Thread(target=sleep)
        sleeper.start()
        control.await_blocked(shared, 1)
        self.assertFalse(shared.has_ended(1))
        gate.set()
        sleeper.join()
        control.await_ended(shared, 1)
        child = subprocess.Popen(["true"])
        shared.begin_run()
        shared.note_started(1, child.pid)
        control.await_begun(shared, 1)  # which never will
        child.wait()
        self.assertTrue(control.is_gone(shared, 1))


if __name__ == "__main__":
    unittest.main()
