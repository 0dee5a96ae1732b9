# SPDX-License-Identifier: BSD-2-Clause
"""The guest's serial line: what it prints goes to stdout, stdin goes to it, and its closing line becomes a status."""

import collections
import ctypes
import os
import re
import selectors
import signal
import subprocess
import sys
import termios
import time

ENDED, TIMEOUT, STOPPED = "ended", "timeout", "stopped"
Ended = collections.namedtuple("Ended", "reason status returncode")

# Input that is no terminal travels framed (spec/console.md): an end, an escape before bytes that mean something, and
# idle bytes, which come first because a serial port whose FIFOs are being switched on may lose a byte.
PIPE_END, PIPE_SHIFT, PIPE_ESCAPE, PIPE_IDLE = b"\x04", b"\x0e", b"\x10", b"\x16"
PIPE_SPECIAL = re.compile(b"[" + PIPE_END + PIPE_SHIFT + PIPE_ESCAPE + PIPE_IDLE + b"]")
PIPE_HIGH = re.compile(b"[\x80-\xff]")
PIPE_START = PIPE_IDLE * 16

ESCAPE_KEY = b"\x1d"  # Ctrl-]
PR_SET_PDEATHSIG = 1

# Xen keeps 128 bytes of input and drops what does not fit, so input goes to it in small steps.
SLOW_STEP, SLOW_PAUSE = 32, 0.02


def is_interactive():
    """Is stdin a terminal that is ours to read now?"""
    return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()


def packed(data, seven_bits):
    """Piped input as the guest expects it; no data is the end of it. Xen's own console takes seven bits."""
    data = PIPE_SPECIAL.sub(lambda special: PIPE_ESCAPE + special.group(), data)
    if seven_bits:
        data = PIPE_HIGH.sub(lambda high: PIPE_SHIFT + bytes([high.group()[0] & 0x7f]), data)
    return data or PIPE_END


def partial(text):
    """A pattern for every beginning of the text, the empty one too."""
    pattern = b""
    for char in reversed(text):
        pattern = b"(?:" + re.escape(bytes([char])) + pattern + b")?"
    return pattern


class Transcript:
    """Cuts the closing line `exit status=N` off the end of what the guest prints.

    Where the application's last line has no newline, the kernel ends it with CR CR LF, which is cut off too. Only the
    very last line counts: the application may print such lines before. So what could become that line is held back
    until something else follows.
    """

    CLOSING = re.compile(rb"(?:\r\r\n|(?<=\n))exit status=(\d{1,3})\r?\n\Z")
    MAYBE = partial(b"exit status=") + rb"(?:(?<==)\d{0,3}\r?\n?)?"
    HELD = re.compile(rb"(?:\r\r?|\r\r\n" + MAYBE + rb"|(?<=\n)(?=e)" + MAYBE + rb")\Z")
    LONGEST = 32

    def __init__(self):
        self.released = b"\n"
        self.held = b""

    def take(self, data):
        """The bytes to show after these have come."""
        self.held += data
        line = self.released + self.held
        match = self.HELD.search(line, max(len(self.released), len(line) - self.LONGEST))
        return self.release(len(line) - match.start() if match else 0)

    def release(self, keep=0):
        """All that is held but for the last `keep` bytes."""
        cut = len(self.held) - keep
        shown, self.held = self.held[:cut], self.held[cut:]
        self.released = (self.released + shown)[-self.LONGEST:]
        return shown

    def end(self):
        """The bytes still to show, and the status or None."""
        match = self.CLOSING.search(self.released + self.held)
        if not match:
            return self.release(), None
        return self.release(min(len(self.held), len(match.group()))), int(match.group(1))


class Notice:
    """Takes the kernel's line about its key off the beginning of what the guest prints: it is for a person, not the application's."""

    LINES = (b"anchorite: development key: this kernel protects from nobody\n",
             b"anchorite: no verification: this kernel runs whatever it is given\n")

    def __init__(self):
        self.start = b""
        self.line = None  # not known yet; b"": there is none

    def take(self, data):
        """The bytes that are not it; no data is the end."""
        if self.line is not None:
            return data
        self.start += data
        if data and any(line.startswith(self.start) and line != self.start for line in self.LINES):
            return b""
        self.line = next((line for line in self.LINES if self.start.startswith(line)), b"")
        return self.start[len(self.line):]


class Terminal:
    """The user's terminal while it is the guest's: keys go through one by one and unchanged. Restores it at the end."""

    def __init__(self):
        self.saved = termios.tcgetattr(0) if is_interactive() else None
        if self.saved:
            mode = termios.tcgetattr(0)
            mode[0] &= ~(termios.BRKINT | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP | termios.IXON)
            mode[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            termios.tcsetattr(0, termios.TCSANOW, mode)

    def restore(self):
        if self.saved:
            termios.tcsetattr(0, termios.TCSANOW, self.saved)


class Xen:
    """What Xen does to the serial line: prints a preface of its own, which ends with a known line, and adds CR to LF."""

    def __init__(self, preface_end):
        self.preface_end = preface_end
        self.log = b""
        self.started = False
        self.waiting = b""

    def take(self, data):
        """What of the data the guest printed, as it printed it."""
        if not self.started:
            self.log += data
            match = self.preface_end.search(self.log)
            if not match:
                return b""
            self.started = True
            self.log, data = self.log[:match.end()], self.log[match.end():]
        data = self.waiting + data
        self.waiting = b"\r" if data.endswith(b"\r") else b""
        return data[:len(data) - len(self.waiting)].replace(b"\r\n", b"\n")


class Session:
    """One run of QEMU. `xen` if it runs Xen, `framed` if the guest takes its input as a pipe, not as a terminal."""

    def __init__(self, command, xen=None, framed=True, verbose=False, timeout=None):
        self.command = command
        self.xen = xen
        self.framed = framed
        self.verbose = verbose
        self.deadline = time.monotonic() + timeout if timeout else None
        self.transcript = Transcript()
        self.notice = Notice()
        self.pending = PIPE_START if framed else b""
        self.input_from = 0.0
        self.selector = selectors.PollSelector()

    def run(self):
        """Starts QEMU, serves its serial line until it ends, and says how that was."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
        terminal = Terminal()
        qemu = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        try:
            reason = self.serve(qemu, interactive=terminal.saved is not None)
        except KeyboardInterrupt:
            reason = STOPPED
        finally:
            qemu.kill()
            returncode = qemu.wait()
            terminal.restore()
        rest, status = self.transcript.end()
        show(rest)
        if self.verbose and status is not None:
            show(b"exit status=%d\n" % status)
        if self.xen and (self.verbose or not self.xen.started):
            sys.stderr.buffer.write(self.xen.log if self.verbose else b"".join(self.xen.log.splitlines(True)[-5:]))
        return Ended(reason, status, returncode)

    def serve(self, qemu, interactive):
        self.selector.register(qemu.stdout, selectors.EVENT_READ)
        os.set_blocking(qemu.stdin.fileno(), False)
        listening = interactive or not os.isatty(0)
        if not listening and self.framed:
            self.pending += PIPE_END
        while True:
            if listening and not self.pending and 0 not in self.selector.get_map():
                self.selector.register(0, selectors.EVENT_READ)
            events = self.selector.select(self.pause(interactive))
            if self.deadline and time.monotonic() >= self.deadline:
                return TIMEOUT
            if not events and interactive:
                show(self.transcript.release())
            for key, _ in events:
                if key.fileobj == 0:
                    self.selector.unregister(0)
                    data = os.read(0, 4096)
                    if interactive and ESCAPE_KEY in data:
                        return STOPPED
                    listening = bool(data)
                    self.pending = self.packed(data)
                elif not self.receive(os.read(key.fd, 65536)):
                    qemu.wait()
                    return ENDED
            self.send(qemu.stdin.fileno())

    def pause(self, interactive):
        """How long to wait for events: a held-back line is shown soon to a person, waiting input is tried again."""
        pauses = [0.1] if interactive and self.transcript.held else []
        pauses += [SLOW_PAUSE] if self.pending and self.guest_listens() else []
        pauses += [max(0.0, self.deadline - time.monotonic())] if self.deadline else []
        return min(pauses, default=None)

    def packed(self, data):
        return packed(data, self.xen is not None) if self.framed else data

    def guest_listens(self):
        """Input before Xen has set up the line is lost."""
        return self.xen is None or self.xen.started

    def send(self, stdin):
        """Hands on as much of the waiting input as QEMU takes now."""
        if not self.pending or not self.guest_listens() or (self.xen and time.monotonic() < self.input_from):
            return
        try:
            count = os.write(stdin, self.pending[:SLOW_STEP] if self.xen else self.pending)
        except BlockingIOError:
            return
        except BrokenPipeError:
            count = len(self.pending)
        self.pending = self.pending[count:]
        self.input_from = time.monotonic() + SLOW_PAUSE

    def receive(self, data):
        """Shows what came; false at the end."""
        printed = self.xen.take(data) if self.xen else data
        if self.notice.line is None and (printed or not data):
            printed = self.notice.take(printed)
            sys.stderr.buffer.write(self.notice.line or b"")
            sys.stderr.buffer.flush()
        show(self.transcript.take(printed))
        return bool(data)


def show(data):
    if data:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
