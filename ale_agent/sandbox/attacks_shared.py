"""Attacks on what a machine's processes share: the system's channels, schedules, folders, and the loaded program itself."""

from __future__ import annotations

from ale_agent.sandbox.attack import Attack
from ale_agent.sandbox.attack import attack as _attack
from ale_agent.sandbox.protocol import Ending

SHARED: tuple[Attack, ...] = (
    _attack(
        "channels: memory and queues of the system",
        """
        attempt("shared memory segment", lambda: syscall(29, 194, 0, 4096, 0o1600))
        attempt("message queue", lambda: syscall(68, 186, 0, 0o1600))
        attempt("semaphores", lambda: syscall(64, 190, 0, 1, 0o1600))
        attempt("posix queue", lambda: syscall(240, 180, b"ale", 0o102, 0o600, 0))
        attempt("event counter", lambda: syscall(290, 19, 0, 0))
        attempt("secret memory", lambda: syscall(447, 447, 0))
        attempt("a key", lambda: syscall(248, 217, b"user", b"ale", b"x", 1, -3))
        attempt("spliced pages", lambda: syscall(278, 75, 1, 0, 0, 0))
        """,
    ),
    _attack(
        "channels: locks and notices on files",
        """
        import fcntl
        with open(__file__) as file:
            attempt("flock", lambda: fcntl.flock(file, fcntl.LOCK_SH))
            attempt("record lock", lambda: fcntl.lockf(file, fcntl.LOCK_SH))
            attempt("lease", lambda: fcntl.fcntl(file, 1024, 0))
            attempt("owner of its signals", lambda: fcntl.fcntl(file, 8, os.getpid()))
            attempt("note of changes", lambda: fcntl.fcntl(file, 1026, 2))
        attempt("inotify", lambda: syscall(294, 26, 0))
        attempt("fanotify", lambda: syscall(300, 262, 0, 0))
        attempt("size of a pipe", lambda: fcntl.fcntl(1, 1031, 1 << 20))
        """,
    ),
    _attack(
        "limits: priority and schedule",
        """
        attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
        attempt("priority", lambda: os.setpriority(os.PRIO_PROCESS, 0, -1))
        attempt("schedule", lambda: syscall(314, 274, 0, 0, 0))
        attempt("disk priority", lambda: syscall(251, 30, 1, 0, 0x2000))
        attempt("memory that stays", lambda: syscall(149, 228, 0, 4096))
        attempt("the killer's choice", lambda: open("/proc/self/oom_score_adj", "w"))
        attempt("children to keep", lambda: call("prctl", 36, 1, 0, 0, 0))
        attempt("dumpable", lambda: call("prctl", 4, 1, 0, 0, 0))
        """,
    ),
    _attack(
        "others: their descriptors and memory",
        """
        attempt("a descriptor of the parent", lambda: syscall(438, 438, 0, 0, 0))
        attempt("compare", lambda: syscall(312, 272, {victim}, os.getppid(), 0, 0, 0))
        attempt("advise", lambda: syscall(440, 440, 0, 0, 0, 0, 0))
        attempt("write memory", lambda: syscall(311, 271, {victim}, 0, 0, 0, 0, 0))
        attempt("limits", lambda: __import__("resource").prlimit({victim}, 7, (64, 64)))
        attempt("affinity", lambda: os.sched_setaffinity({victim}, os.sched_getaffinity(0)))
        """,
    ),
    _attack(
        "system: rarer doors",
        """
        opened = os.open(os.__file__, os.O_RDONLY)
        attempt("run an open file", lambda: syscall(322, 281, opened, b"", 0, 0, 0x1000))
        attempt("file by handle", lambda: syscall(303, 264, -100, b"/", 0, 0, 0))
        attempt("open by handle", lambda: syscall(304, 265, 0, 0, 0))
        attempt("open, newer", lambda: syscall(437, 437, -100, b"/etc/passwd", 0, 0))
        attempt("copy between files", lambda: syscall(326, 285, opened, 0, 1, 0, 10, 0))
        attempt("timer", lambda: syscall(283, 85, 1, 0))
        attempt("signals by descriptor", lambda: syscall(289, 74, -1, 0, 8, 0))
        attempt("what others have read", lambda: syscall(27, 232, 0, 0, 0))
        attempt("the clock", lambda: syscall(227, 112, 0, 0))
        attempt("the kernel's log", lambda: syscall(103, 116, 3, 0, 0))
        attempt("the kernel's settings", lambda: open("/proc/sys/kernel/hostname").read())
        attempt("own memory by file", lambda: open("/proc/self/mem", "r+b"))
        attempt("terminal", lambda: open("/dev/tty"))
        attempt("another terminal", lambda: open("/dev/ptmx"))
        attempt("input, opened again to write", lambda: os.write(os.open("/dev/stdin", os.O_RDWR), b"x"))
        attempt("typing for the user", lambda: __import__("fcntl").ioctl(0, 0x5412, b"x"))
        attempt("a call of another table", lambda: syscall(0x40000001, 1 << 20, 1, b"z", 1))
        """,
    ),
    _attack(
        "processes: an orphan",
        """
        pid = attempt("fork", os.fork)
        if pid == 0:
            attempt("session", os.setsid)
            time.sleep(20)
            os._exit(0)
        attempt("group", lambda: os.setpgid(0, 0))
        """,
    ),
    _attack(
        "files: another program's folder",
        """
        attempt("list", lambda: os.listdir(".."))
        attempt("by its own name", lambda: os.listdir(os.path.dirname(os.getcwd())))
        attempt("the owner's lock", lambda: open("../owner.lock"))
        attempt("by descriptor", lambda: os.open("..", os.O_RDONLY | os.O_DIRECTORY))
        attempt("links", lambda: os.link(__file__, "link"))
        attempt("special file", lambda: os.mkfifo("pipe"))
        attempt("its own program", lambda: open(__file__, "a"))
        """,
    ),
    _attack(
        "cases: another one's descriptors, and the worker's",
        """
        time.sleep(0.5)
        near = [pid for pid in range(max(1, os.getpid() - 20), os.getpid() + 20) if pid != os.getpid()]
        for path in [f"/proc/{pid}/fd/{number}" for pid in near for number in range(8)]:
            try:
                shared = os.readlink(path) != os.devnull
            except OSError:
                continue
            attempt("reading " + path, lambda: os.open(path, os.O_RDONLY), lambda _: shared)
            attempt("writing " + path, lambda: os.open(path, os.O_WRONLY), lambda _: shared)
        """,
        together=True,
    ),
    _attack(
        "cases: opening oneself again",
        """
        attempt("dumpable", lambda: call("prctl", 4, 1, 0, 0, 0))
        attempt("dumpable by size", lambda: call("prctl", 4, ctypes.c_ulong(1 << 32), 0, 0, 0))
        attempt("traced by anybody", lambda: call("prctl", 0x59616D61, -1, 0, 0, 0))
        """,
    ),
    _attack(
        "worker: silent from then on",
        "print(1)",
        Ending.CANCELLED,
        top="""
        owner = os.getpid()
        receive = socket.recv_fds
        def leave(channel, *arguments):
            if os.getpid() == owner:
                os.close(3)
                time.sleep(1000)
            return receive(channel, *arguments)
        socket.recv_fds = leave
        """,
    ),
    _attack(
        "worker: talking first",
        "print(1)",
        Ending.CANCELLED,
        top="""
        os.write(3, b"here")
        os.write(3, b"forked")
        os._exit(0)
        """,
        may_fail_to_load=True,
    ),
)
