"""Which tests run in which database.

Most ask about the archive by itself. Those of setup.cfg's ``locked_tests`` ask about it
with the addons that close dossiers to their owners, in a database that has them too.
"""

from . import databases
from .paths import ROOT, addons

NO_TESTS = 5  # pytest's exit code where nothing was left to run


def split(args):
    """The addons to install, and pytest's arguments, of each suite ``args`` ask for.

    The larger one comes last, so that its summary does.

    :return: list of ``(addons, arguments)``
    """
    locked = databases.setting("locked_tests").split(",")
    paths = [arg for arg in args if _path(arg).exists()]
    options = [arg for arg in args if arg not in paths]
    inside = [arg for arg in paths if _is_inside(arg, locked)]
    outside = [arg for arg in paths if arg not in inside]
    suites = []
    if inside or not paths:
        chosen = inside or [path for path in locked if _path(path).exists()]
        suites.append((addons(), [*options, *chosen]))
    if outside or not paths:
        ignored = [f"--ignore={path}" for path in locked]
        unlocked = databases.unlocked_addons()
        chosen = outside or [*(f"{name}/tests" for name in unlocked), "tests"]
        suites.append((unlocked, [*options, *ignored, *chosen]))
    return suites


def exit_code(codes):
    """The worst of all; where one suite had nothing to run, that of the other."""
    ran = [code for code in codes if code != NO_TESTS]
    return next(filter(None, ran), 0) if ran else NO_TESTS


def _path(arg):
    # an absolute path stays what it is; an option is none
    return ROOT / ("-" if arg.startswith("-") else arg.partition("::")[0])


def _is_inside(arg, folders):
    path = _path(arg).resolve()
    parents = [path, *path.parents]
    return any((ROOT / folder).resolve() in parents for folder in folders)
