"""A planted fault: one thing that a careless or malicious developer could get wrong, for the time of a `with`.

It takes the place of a function, a method or a table of the product: under every name by which the product's modules
know it, or, where the fault names a module that only borrows it, in that module alone. The simulated world and the
judge of the stories keep the right one. What is cached is forgotten on both sides, so nothing is left behind.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import attrs

from nexuslic.errors import NexuslicError

_PRODUCT = tuple(
    f"nexuslic.{name}" for name in ["rules", "trust", "issuing", "client", "connection", "keeping", "session"]
)
"""The modules that decide; a fault of theirs is planted in all of them."""


class NotPlanted(NexuslicError):
    """A fault has nothing to be planted in: the product has changed, and the fault has to follow."""


@attrs.frozen
class Fault:
    """One wrongness.

    `wrong` says it in a sentence, `rule` is the section of the rules that it breaks, `story` what a story must tell to
    catch it. `where` is `module:name` or `module:Class.name`; `instead` makes what takes the place of what is there.
    """

    name: str
    wrong: str
    rule: str
    story: str
    where: str
    instead: Callable[[Any], Any]


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """The product with this fault, undone at the end, whatever happens. Raises NotPlanted."""
    owner, name, real = _found(fault)
    everywhere = not isinstance(owner, type) and getattr(real, "__module__", owner.__name__) == owner.__name__
    wrong = fault.instead(real)
    places = _names_of(real) if everywhere else [(owner, name)]
    try:
        _put(places, wrong)
        yield
    finally:
        _put([*places, *_names_of(wrong)], real)


def _found(fault: Fault) -> tuple[Any, str, Any]:
    """Where the fault goes: a module or a class, the name there, and what it holds."""
    module, _, path = fault.where.partition(":")
    *classes, name = path.split(".")
    try:
        owner: Any = import_module(module)
        for one in classes:
            owner = vars(owner)[one]
        return owner, name, vars(owner)[name]
    except (ImportError, KeyError) as error:
        raise NotPlanted(
            f"the fault `{fault.name}` cannot be planted: there is no {fault.where} any more; name what took its place"
        ) from error


def _names_of(value: Any) -> list[tuple[Any, str]]:
    """Every module of the product that knows `value`, and as what."""
    product = [module for at, module in list(sys.modules.items()) if at.startswith(_PRODUCT)]
    return [(module, name) for module in product for name, one in list(vars(module).items()) if one is value]


def _put(places: list[tuple[Any, str]], value: Any) -> None:
    for owner, name in places:
        setattr(owner, name, value)
    forget()


def forget() -> None:
    """Empty every cache of the product and its simulation: what was decided before is decided anew."""
    for at, module in list(sys.modules.items()):
        if at.startswith("nexuslic."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()
