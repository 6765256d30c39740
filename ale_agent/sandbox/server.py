"""The process that holds one loaded program and forks a process for each case. Runs inside the lock.

It locks itself before it opens the program's file, and from then on everything in it is untrusted: the supervisor
believes nothing that it says beyond the text of an error. It never sees a case either: a case's descriptors and
settings go from the supervisor straight to the forked process, over a socket that this one gives away.
"""

from __future__ import annotations

import ast
import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
import types
from collections.abc import Callable
from typing import NoReturn

from ale_agent.sandbox import lock, seccomp, syscalls

_MESSAGE_BYTES = 4096
_OPEN_FILES = 64
_CONTROL = 3
_MAXIMUM_INHERITED = 1 << 16
_REQUEST_BYTES = 1 << 18

Entry = Callable[[], None]


def serve(control_fd: int, parent: int, folder: str, memory_bytes: int, locked: bool) -> None:
    """Lock, load, and fork for each case until the supervisor hangs up."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=control_fd)
    if sys.platform == "linux":
        lock.die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fork = _make_fork()
    lock.set_limits(memory_bytes=memory_bytes, file_bytes=0, open_files=_OPEN_FILES)
    try:
        if locked:
            listener = lock.shut(folder, writing=False, forking=True)
            socket.send_fds(control, [b"locked"], [listener])
            os.close(listener)
        else:
            control.send(b"locked")
    except OSError as error:
        control.send(f"refused: {error}".encode())
        return
    lock.forget_ourselves()
    name = control.recv(_REQUEST_BYTES).decode()
    entry, error_text = load(os.path.join(folder, name))
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"error": error_text[-_MESSAGE_BYTES:]}).encode())
    _serve_cases(control, entry, fork, parent, locked)


def load(path: str) -> tuple[Entry, str]:
    """Return what a case process calls, and why loading failed (empty if it did not)."""
    try:
        with open(path, encoding="utf-8") as file:
            source = file.read()
        sys.argv = [path]
        if "numba" in source:
            _keep_compiled_code_in_memory()
        tree = ast.parse(source, path)
        code = compile(source, path, "exec", dont_inherit=True)
        if is_structured(tree):
            return _load_structured(code, path), ""
        _import_ahead(tree)
        return _plain_entry(code, path), ""
    except BaseException as error:
        if isinstance(error, SystemExit):
            return _nothing, f"the program ended itself while it was loaded (exit code {error.code})"
        return _nothing, "the program could not be loaded:\n" + describe(error)


def is_structured(tree: ast.Module) -> bool:
    """Return whether a program has a `main` behind a ``__name__`` guard, so that loading it runs nothing."""
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    guarded = any(
        isinstance(node, ast.If)
        and any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))
        for node in tree.body
    )
    called = any(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "main"
        for node in tree.body
    )
    return "main" in functions and guarded and not called


def describe(error: BaseException) -> str:
    """Return an error as Python prints it, the end of it where it is long."""
    try:
        lines = traceback.format_exception(error)
        kept = [line for line in lines if "ale_agent/sandbox" not in line]
        return "".join(kept)[-_MESSAGE_BYTES:]
    except BaseException:
        return type(error).__name__


def _load_structured(code: types.CodeType, path: str) -> Entry:
    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__name__ = "solver"
    sys.modules["solver"] = sys.modules["__main__"] = module
    exec(code, module.__dict__)
    warm_up = module.__dict__.get("warm_up")
    if callable(warm_up):
        warm_up()
    main: Entry = module.__dict__["main"]
    return main


def _plain_entry(code: types.CodeType, path: str) -> Entry:
    def run() -> None:
        module = types.ModuleType("__main__")
        module.__file__ = path
        sys.modules["__main__"] = module
        exec(code, module.__dict__)

    return run


def _nothing() -> None:
    raise RuntimeError("the program was not loaded")


def _import_ahead(tree: ast.Module) -> None:
    """Import what a plain program imports first thing, so that its cases need not."""
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            if name.split(".")[0] in {*sys.stdlib_module_names, *lock.PACKAGES} and name != "__main__":
                with contextlib.suppress(Exception):
                    importlib.import_module(name)


def _keep_compiled_code_in_memory() -> None:
    """Switch Numba's file cache off: a loaded program is compiled once and forked, and nothing may be written."""
    for module_name, class_name in (
        ("numba.core.dispatcher", "Dispatcher"),
        ("numba.np.ufunc.ufuncbuilder", "UFuncDispatcher"),
        ("numba.core.ccallback", "CFunc"),
    ):
        with contextlib.suppress(ImportError, AttributeError):
            owner = getattr(importlib.import_module(module_name), class_name)
            owner.enable_caching = lambda self: None


def _make_fork() -> Callable[[], int]:
    """Return the fork whose child belongs to the supervisor, prepared so that a case costs one system call."""
    machine = syscalls.architecture()
    if machine is None:
        raise OSError("no system call table for this architecture")
    call = ctypes.PyDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    number = ctypes.c_long(syscalls.number("clone", machine))
    arguments = (ctypes.c_ulong(seccomp.CLONE_FLAGS), *[ctypes.c_ulong(0)] * 4)
    before, in_child, in_parent = (
        getattr(ctypes.pythonapi, name) for name in ("PyOS_BeforeFork", "PyOS_AfterFork_Child", "PyOS_AfterFork_Parent")
    )
    for hook in (before, in_child, in_parent):
        hook.restype = None

    def fork() -> int:
        before()
        pid: int = call(number, *arguments)
        if pid == 0:
            in_child()
        else:
            in_parent()
        return pid

    return fork


def _serve_cases(control: socket.socket, entry: Entry, fork: Callable[[], int], parent: int, locked: bool) -> None:
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 64, 4)
        if not request:
            return
        for gate in descriptors:
            if fork() == 0:
                _run_case(gate, entry, parent, locked)
            os.close(gate)
            control.send(b"forked")


def _run_case(gate: int, entry: Entry, parent: int, locked: bool) -> NoReturn:
    """Be the case: show that nothing is inherited, tie its life to ours, shut itself off, receive its case, run, end."""
    code = 1
    try:
        os.closerange(0, gate)
        os.closerange(gate + 1, _OPEN_FILES)
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=gate)
        channel.send(b"here")
        lock.die_with_parent(parent)
        if locked:
            lock.shut_off()
        settings, descriptors, _, _ = socket.recv_fds(channel, _REQUEST_BYTES, 3)
        for target, source in enumerate(descriptors):
            if target != source:
                os.dup2(source, target)
                os.close(source)
        channel.close()
        os.environ.update(json.loads(settings))
        entry()
        code = 0
    except SystemExit as leaving:
        code = _exit_code(leaving)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            sys.stderr.write(describe(error))
    finally:
        os._exit(_flush(code))


def _exit_code(leaving: SystemExit) -> int:
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    with contextlib.suppress(BaseException):
        sys.stderr.write(f"{leaving.code}\n")
    return 1


def _flush(code: int) -> int:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        lock.flush_c_streams()
    except BaseException as error:
        with contextlib.suppress(BaseException):
            os.write(2, describe(error).encode())
        return code or 1
    return code


def main() -> None:
    """Start from the command line that the supervisor gives."""
    parent, folder, memory_bytes, locked = sys.argv[1:5]
    os.closerange(_CONTROL + 1, _MAXIMUM_INHERITED)
    os.chdir(folder)
    serve(_CONTROL, int(parent), folder, int(memory_bytes), locked == "locked")
