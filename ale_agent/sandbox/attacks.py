"""The attacks of the sandbox's contract, as program texts."""

from __future__ import annotations

from ale_agent.sandbox.attack import Attack
from ale_agent.sandbox.attack import attack as _attack
from ale_agent.sandbox.attacks_shared import SHARED
from ale_agent.sandbox.protocol import Ending

__all__ = ["ATTACKS", "Attack"]

ATTACKS: tuple[Attack, ...] = (
    _attack(
        "network: TCP",
        """
        attempt("TCP", lambda: socket.create_connection(("127.0.0.1", 1), 1))
        attempt("socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        """,
    ),
    _attack(
        "network: UDP",
        """
        attempt("UDP", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        attempt("UDP6", lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
        """,
    ),
    _attack(
        "network: unix sockets",
        """
        attempt("unix", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        attempt("pair", socket.socketpair)
        attempt("netlink", lambda: socket.socket(16, socket.SOCK_RAW))
        """,
    ),
    _attack(
        "network: while it is loaded",
        'print("loaded")',
        top="""
        try:
            socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            pass
        else:
            raise RuntimeError("escaped: a socket while loading")
        """,
    ),
    _attack(
        "files: a private one",
        """
        attempt("read", lambda: open(r"{private}").read())
        attempt("list", lambda: os.listdir(os.path.dirname(r"{private}")))
        attempt("home", lambda: os.listdir("/root"))
        attempt("users", lambda: open("/etc/passwd").read())
        attempt("temporary files", lambda: os.listdir("/tmp"))
        """,
    ),
    _attack(
        "files: other processes",
        """
        attempt("environment of the parent", lambda: open(f"/proc/{os.getppid()}/environ").read())
        attempt("memory of the parent", lambda: open(f"/proc/{os.getppid()}/mem", "rb"))
        attempt("memory of process 1", lambda: open("/proc/1/environ", "rb").read())
        attempt("files of the parent", lambda: os.listdir(f"/proc/{os.getppid()}/fd"))
        attempt("list of processes", lambda: os.listdir("/proc"))
        """,
    ),
    _attack(
        "files: environment with keys",
        """
        kept = {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHASHSEED"}
        extra = [name for name in os.environ if name not in kept and not name.startswith("ALE_")
                 and not name.endswith("_NUM_THREADS")]
        attempt("environment", lambda: extra, bool)
        """,
    ),
    _attack(
        "files: writing outside",
        """
        attempt("outside", lambda: open(r"{outside}/file", "w"))
        attempt("tmp", lambda: open("/tmp/ale-agent-check", "w"))
        attempt("shared memory", lambda: open("/dev/shm/ale-agent-check", "w"))
        attempt("own folder", lambda: open("file", "w"))
        attempt("mkdir", lambda: os.mkdir("folder"))
        attempt("symlink", lambda: os.symlink("/etc", "link"))
        attempt("chmod", lambda: os.chmod(r"{private}", 0o777))
        attempt("times", lambda: os.utime(r"{private}"))
        attempt("remove", lambda: os.remove(r"{private}"))
        attempt("truncate", lambda: os.truncate(r"{private}", 0))
        attempt("rename", lambda: os.rename(r"{private}", r"{private}2"))
        attempt("chdir", lambda: os.chdir("/"))
        """,
    ),
    _attack(
        "files: memory files",
        """
        attempt("memfd", lambda: os.memfd_create("x"))
        attempt("pipe", os.pipe)
        """,
    ),
    _attack("output: flood", 'while True:\n    os.write(1, b"x" * 65536)', Ending.OUTPUT_LIMIT),
    _attack("output: flood of errors", 'while True:\n    os.write(2, b"x" * 65536)', Ending.OUTPUT_LIMIT),
    _attack(
        "processes: fork bomb",
        """
        for _ in range(3):
            attempt("fork", os.fork)
        attempt("vfork", lambda: syscall(58, 220, 17, 0, 0, 0, 0))
        attempt("clone3", lambda: syscall(435, 435, 0, 0))
        attempt("clone", lambda: syscall(56, 220, 17, 0, 0, 0, 0))
        attempt("the supervised clone", lambda: syscall(56, 220, 0x8011, 0, 0, 0, 0))
        """,
    ),
    _attack(
        "processes: starting programs",
        """
        import subprocess
        attempt("subprocess", lambda: subprocess.run(["/bin/true"]))
        attempt("exec", lambda: os.execv("/bin/true", ["true"]))
        attempt("shell", lambda: os.system("true"), lambda status: status == 0)
        """,
    ),
    _attack(
        "processes: threads",
        """
        import threading
        thread = threading.Thread(target=lambda: None)
        attempt("thread", thread.start)
        """,
    ),
    _attack(
        "memory: alone",
        """
        held = []
        while True:
            held.append(bytearray(64 << 20))
        """,
        Ending.MEMORY_LIMIT,
    ),
    _attack(
        "memory: shared",
        """
        import mmap
        attempt("shared anonymous memory", lambda: mmap.mmap(-1, 4096))
        """,
    ),
    _attack(
        "time: ignored signals",
        """
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True:
            pass
        """,
        Ending.CPU_LIMIT,
        Ending.SIGNALLED,
    ),
    _attack("time: asleep", "time.sleep(1000)", Ending.ASLEEP, Ending.WALL_LIMIT),
    _attack(
        "time: stopped",
        """
        attempt("stop itself", lambda: os.kill(os.getpid(), signal.SIGSTOP))
        """,
    ),
    _attack("time: while it is loaded", 'print("loaded")', top="while True:\n    pass\n", may_fail_to_load=True),
    _attack(
        "limits: raising them",
        """
        import resource
        for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
            number = getattr(resource, name)
            hard = resource.getrlimit(number)[1]
            attempt(name, lambda: resource.setrlimit(number, (hard, hard)))
        attempt("priority", lambda: os.nice(-5))
        attempt("affinity", lambda: os.sched_setaffinity(0, {0}))
        """,
    ),
    _attack(
        "others: signals",
        """
        attempt("victim", lambda: os.kill({victim}, 0))
        attempt("parent", lambda: os.kill(os.getppid(), 0))
        attempt("everybody", lambda: os.kill(-1, 0))
        attempt("by descriptor", lambda: os.pidfd_open({victim}))
        attempt("by a file's owner", lambda: __import__("fcntl").fcntl(0, 8, {victim}))
        """,
    ),
    _attack(
        "others: ptrace",
        """
        attempt("attach", lambda: call("ptrace", 16, {victim}, 0, 0))
        attempt("parent", lambda: call("ptrace", 16, os.getppid(), 0, 0))
        attempt("read memory", lambda: syscall(310, 270, {victim}, 0, 0, 0, 0, 0))
        """,
    ),
    _attack(
        "system: mounts and namespaces",
        """
        attempt("unshare", lambda: call("unshare", 0x10000000))
        attempt("mount", lambda: call("mount", b"none", b"/nowhere/at/all", b"tmpfs", 0, None), lambda _: True)
        attempt("chroot", lambda: call("chroot", b"."))
        attempt("setns", lambda: call("setns", 0, 0))
        """,
    ),
    _attack(
        "system: other doors",
        """
        attempt("bpf", lambda: syscall(321, 280, 0, 0, 0))
        attempt("perf", lambda: syscall(298, 241, 0, 0, 0, 0, 0))
        attempt("io_uring", lambda: syscall(425, 425, 1, 0))
        attempt("userfaultfd", lambda: syscall(323, 282, 0))
        attempt("keys", lambda: syscall(250, 219, 0, 0))
        attempt("another filter", lambda: syscall(317, 277, 2, 0, 0))
        attempt("personality", lambda: syscall(135, 92, 0))
        attempt("survive the parent", lambda: call("prctl", 1, 0, 0, 0, 0))
        attempt("capabilities", lambda: open("/proc/self/status").read())
        """,
    ),
    _attack(
        "score: other descriptors",
        """
        for descriptor in range(3, 64):
            attempt(f"descriptor {descriptor}", lambda: os.fstat(descriptor))
        """,
    ),
    _attack(
        "score: changing the case",
        """
        attempt("write into the input", lambda: os.write(0, b"x"))
        attempt("shrink the input", lambda: os.ftruncate(0, 0))
        attempt("seals", lambda: __import__("fcntl").fcntl(0, 1033, 0))
        """,
    ),
    _attack(
        "cases: a file that stays",
        """
        before = os.path.exists("left")
        attempt("a file of another case", lambda: before, bool)
        try:
            open("left", "w").close()
        except OSError:
            pass
        """,
    ),
    _attack(
        "cases: a variable that stays",
        """
        state.append(1)
        attempt("the memory of another case", lambda: len(state) > 1, bool)
        """,
        top="state = []\n",
    ),
    _attack(
        "cases: a file position that is shared",
        """
        position = os.lseek(opened, 0, os.SEEK_CUR)
        attempt("another case's position", lambda: position, bool)
        os.lseek(opened, 1, os.SEEK_CUR)
        """,
        top="opened = os.open(__file__, os.O_RDONLY)\n",
    ),
    _attack(
        "cases: keeping inherited files",
        """
        position = os.lseek(opened, 0, os.SEEK_CUR)
        attempt("another case's position", lambda: position, bool)
        os.lseek(opened, 1, os.SEEK_CUR)
        """,
        Ending.CANCELLED,
        top="opened = os.open(__file__, os.O_RDONLY)\nos.closerange = lambda low, high: None\n",
    ),
    _attack(
        "worker: taking the case's connection",
        """
        attempt("the other case's settings", lambda: stolen, bool)
        """,
        Ending.CANCELLED,
        top="""
        stolen = []
        close = os.close
        os.close = lambda descriptor: stolen.append(descriptor)
        """,
    ),
    _attack(
        "worker: answering for itself",
        """
        attempt("ran without the supervisor", lambda: True)
        """,
        Ending.CANCELLED,
        top="""
        receive = socket.recv_fds
        def answer(channel, *arguments):
            message = receive(channel, *arguments)
            for descriptor in message[1]:
                own = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=os.dup(descriptor))
                own.send(b"here")
            return message
        socket.recv_fds = answer
        """,
    ),
    _attack(
        "worker: dying",
        "print(1)",
        Ending.CANCELLED,
        top="""
        receive = socket.recv_fds
        def leave(channel, *arguments):
            receive(channel, *arguments)
            os._exit(0)
        socket.recv_fds = leave
        """,
    ),
    _attack(
        "worker: working in secret",
        """
        print(1)
        """,
        Ending.CPU_LIMIT,
        Ending.CANCELLED,
        top="""
        receive = socket.recv_fds
        requests = []
        def work(channel, *arguments):
            if requests:
                until = time.process_time() + 4.0
                while time.process_time() < until:
                    pass
            requests.append(1)
            return receive(channel, *arguments)
        owner = os.getpid()
        def guarded(channel, *arguments):
            return work(channel, *arguments) if os.getpid() == owner else receive(channel, *arguments)
        socket.recv_fds = guarded
        """,
    ),
    _attack(
        "cache: poisoned files",
        """
        attempt("cache folder", lambda: os.makedirs("__pycache__"))
        attempt("package folder", lambda: open(os.path.join(os.path.dirname(os.__file__), "ale_agent_check.py"), "w"))
        """,
    ),
    _attack(
        "judge: our own package",
        """
        attempt("import", lambda: __import__("ale_agent"))
        attempt("import from the path", lambda: __import__("ale_agent.evaluate"))
        """,
    ),
    *SHARED,
)
