"""An option that a function does not have is refused by the name that users wrote, with the nearest that it has."""

from __future__ import annotations

import asyncio
import inspect

import pytest

import linode
import linode.sandbox
from linode import LinodeClient, Retry
from linode._model import action
from linode.sandbox import Fault

HOT = {"Call", "Executor.execute", "AsyncExecutor.execute"}
"""Every request passes these: they have no check of their own, and Python's own error names them."""
MADE_BY_THE_LIBRARY = {"Filter", "Gather", "OAuthGrant", "ResourceList"}
"""Classes of which programs get objects, but make none; errors are the same."""
PUBLIC = [getattr(module, name) for module in (linode, linode.sandbox) for name in module.__all__]


def has_options(function):
    """Whether *function* has arguments that can only be given by name."""
    return any(each.kind is each.KEYWORD_ONLY for each in inspect.signature(function).parameters.values())


def functions():
    """All public functions with options besides the API's verbs, each once, by their names."""
    found = {}
    for cls in (each for each in PUBLIC if inspect.isclass(each) and not issubclass(each, BaseException)):
        init = next((each for each in cls.__mro__ if "__init__" in vars(each) or "__new__" in vars(each)), object)
        if init.__module__.startswith("linode.") and not getattr(cls, "_is_protocol", False) and has_options(cls):
            found[cls.__name__] = cls
        for name in dir(cls):
            getattr(cls, name)  # imports the family of a client's member
            home = next((each for each in cls.__mro__ if name in vars(each)), object)
            raw = vars(home)[name]
            if name.startswith("_") or not home.__module__.startswith("linode.") or isinstance(raw, (type, property)):
                continue
            if callable(function := getattr(cls, name)) and not isinstance(raw, action):
                bound = isinstance(raw, (classmethod, staticmethod))
                if has_options(function):
                    found[f"{home.__name__}.{name}"] = function if bound else function.__get__(object.__new__(cls))
    return {name: function for name, function in found.items() if name not in HOT | MADE_BY_THE_LIBRARY}


async def called(function):
    """Call *function* with an option that it does not have, and await what it returns."""
    result = function(no_such=1)
    if inspect.iscoroutine(result):
        await result


@pytest.mark.parametrize("name", functions())
def test_an_unknown_option_is_refused_by_the_name_that_users_wrote(name):
    """No name of a base class, and no two words for one mistake."""
    function = functions()[name]
    with pytest.raises(TypeError, match=rf"^{function.__name__}\(\) has no option 'no_such'"):
        asyncio.run(called(function))


def test_the_nearest_option_is_named(client):
    """Functions, constructors and lists alike."""
    with pytest.raises(TypeError, match=r"^with_options\(\) has no option 'timeot'; did you mean 'timeout'\?$"):
        client.with_options(timeot=5)
    with pytest.raises(TypeError, match=r"^LinodeClient\(\) has no option 'tmeout'; did you mean 'timeout'\?$"):
        LinodeClient("token", tmeout=5)
    with pytest.raises(TypeError, match=r"^from_config\(\) has no option 'profle'; did you mean 'profile'\?$"):
        LinodeClient.from_config(profle="work")
    with pytest.raises(TypeError, match=r"^Retry\(\) has no option 'attemps'; did you mean 'attempts'\?$"):
        Retry(attemps=5)
    with pytest.raises(TypeError, match=r"^Fault\(\) has no option 'stats'; did you mean 'status'\?$"):
        Fault("GET", "/regions", stats=500)


def test_a_list_is_filtered_by_filters(client):
    """An option, as other libraries filter by, is refused with the filter to write instead."""
    with pytest.raises(TypeError, match=r"no option 'lable'; it takes filters, such as Linode\.label == \.\.\."):
        client.get_linodes(lable="web")


def test_a_method_without_options_says_so(client):
    """Under the name that users call it by."""
    with pytest.raises(TypeError, match=r"^load\(\) has no option 'force'; it has none$"):
        client.get_regions()[0].load(force=True)


def test_an_error_of_the_function_itself_stays(client):
    """A TypeError from inside is not taken for a misspelt option."""
    with pytest.raises(TypeError, match="timeout must be a number of seconds"):
        client.with_options(timeout="5")
