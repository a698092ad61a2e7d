"""Takes a promise out of a module that is loaded already: the one function that has it gets the code that it has without.

Nothing is imported anew, which cost more than most tests. It cannot be done for what stands outside of functions; and what was made when
the module was imported stays as it was: a promise that nobody misses this way is taken away once more, with modules imported anew.
"""

import inspect
import sys
from collections.abc import Iterator
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any


def patch(module: str, whole: str, without: str) -> bool:
    """Whether it could be done; `whole` and `without` are the texts of the module."""
    if module not in sys.modules:
        return False
    changed = list(_changed(_compiled(whole), _compiled(without)))
    functions = [_function(sys.modules[module], code.co_qualname) for code, _ in changed]
    if not changed or not all(functions):
        return False
    for function, (_, code) in zip(functions, changed, strict=True):
        if function is None or function.__code__.co_freevars != code.co_freevars:
            return False
        function.__code__ = code
    return True


def _compiled(text: str) -> CodeType:
    return compile(text, "<a promise taken away>", "exec")


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The outermost functions that differ, and what else does: a module, or the body of a class, which no function can stand for."""
    if _own(before) != _own(after):
        yield before, after
        return
    for one, other in zip(_inner(before), _inner(after), strict=True):
        if one.co_flags & inspect.CO_NEWLOCALS:
            if _all(one) != _all(other):
                yield one, other
        else:
            yield from _changed(one, other)


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _own(code: CodeType) -> tuple[Any, ...]:
    """All that a code says, without the functions in it and the numbers of its lines."""
    plain = tuple((type(one), repr(one)) for one in code.co_consts if not isinstance(one, CodeType))
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, len(_inner(code)))
    return code.co_name, code.co_code, code.co_exceptiontable, plain, names


def _all(code: CodeType) -> tuple[Any, ...]:
    return (*_own(code), *(_all(one) for one in _inner(code)))


def _function(module: Any, path: str) -> FunctionType | None:
    """The function that stands there, beneath whatever it is wrapped in."""
    found = module
    for name in path.split("."):
        found = vars(found).get(name) if hasattr(found, "__dict__") else None
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, cached_property):
        found = found.func
    found = inspect.unwrap(found) if callable(found) else found
    return found if isinstance(found, FunctionType) and found.__qualname__ == path else None
