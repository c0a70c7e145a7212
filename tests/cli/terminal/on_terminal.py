"""Runs a program on a terminal of its own: on_terminal.py <columns> <rows> <program> [argument...]

What is read from stdin is typed; what the terminal shows goes to stdout. Ends with the program's exit status.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, rows = int(sys.argv[1]), int(sys.argv[2])
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])
watched = [terminal, 0]
while True:
    readable, _, _ = select.select(watched, [], [])
    if 0 in readable:
        typed = os.read(0, 1024)
        if typed:
            os.write(terminal, typed)
        else:
            watched.remove(0)
    if terminal in readable:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # Linux tells the end of the program so.
            shown = b""
        if not shown:
            break
        os.write(1, shown)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
