"""A headless Chromium, driven through its debugging pipe, with nothing but the standard library."""

import base64
import json
import os
import select
import subprocess
import tempfile
import time


class Browser:
    """One page of one browser. `call` speaks the DevTools protocol, `evaluate` runs a script's expression."""

    def __init__(self, program, seconds=60):
        self.seconds = seconds
        self.profile = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        commands_out, commands_in = os.pipe()
        answers_out, answers_in = os.pipe()

        def inherit():  # Chromium reads commands from 3 and answers on 4
            low, high = os.dup(commands_out), os.dup(answers_in)
            os.dup2(low, 3)
            os.dup2(high, 4)

        arguments = [
            program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={self.profile.name}", "about:blank",
        ]
        self.process = subprocess.Popen(
            arguments, preexec_fn=inherit, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands_out)
        os.close(answers_in)
        self.commands, self.answers = commands_in, answers_out
        self.received = b""
        self.number = 0
        self.session = None
        self.events = []
        targets = self.call("Target.getTargets")["targetInfos"]
        target = next(it["targetId"] for it in targets if it["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.commands)  # at the end of its commands the browser ends
        os.close(self.answers)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()

    def _receive(self):
        deadline = time.monotonic() + self.seconds
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.answers], [], [], deadline - time.monotonic())
            if not ready:
                raise TimeoutError("the browser does not answer")
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise EOFError("the browser has ended")
            self.received += part
        message, self.received = self.received.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.commands, text):]
        while True:
            answer = self._receive()
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def open(self, file, fragment=""):
        """Opens a file and waits until it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=f"file://{file}{fragment}")
        self.evaluate("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))")

    def show(self, width=1360, height=900, dark=False, mobile=False):
        """The size of the window, and what the reader's system prefers."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=mobile)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, key, modifiers=0):
        """A key of the keyboard, as a person presses it."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37,
                 "ArrowRight": 39, "Home": 36, "End": 35, "PageDown": 34, "PageUp": 33}
        event = {"key": key, "modifiers": modifiers}
        if key in codes:
            event["windowsVirtualKeyCode"] = codes[key]
        text = "\r" if key == "Enter" else key if len(key) == 1 else None
        down = dict(event, type="keyDown", text=text) if text else dict(event, type="rawKeyDown")
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", **dict(event, type="keyUp"))

    def screenshot(self, file):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))

    def processor_seconds(self):
        """What the main threads of this browser's pages have used: unlike time, it does not depend on what
        else the machine does."""
        parents, renderers = {}, []
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/stat") as stat, open(f"/proc/{entry}/cmdline") as command:
                    parents[int(entry)] = int(stat.read().rsplit(")", 1)[1].split()[1])
                    if "--type=renderer" in command.read():
                        renderers.append(int(entry))
            except (OSError, ValueError):
                continue  # no process, or one that has ended
        seconds = 0
        for process in renderers:
            ancestor = process
            while ancestor in parents and ancestor != self.process.pid:
                ancestor = parents[ancestor]
            if ancestor == self.process.pid:
                with open(f"/proc/{process}/schedstat") as times:
                    seconds += int(times.read().split()[0]) / 1e9
        return seconds

    def complaints(self):
        """What the browser holds against the page: exceptions, refusals, failed requests."""
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(event["params"]["exceptionDetails"]))
            elif event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                found.append(event["params"]["entry"]["text"])
        return found

    def requests(self):
        """The addresses that the page asked for, without itself."""
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"
                and not event["params"]["request"]["url"].startswith(("file:", "data:", "about:"))]
