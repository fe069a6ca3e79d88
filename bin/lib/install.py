"""The steps of `bin/setup`. Each leaves a stamp that says what it was made from and
is skipped while that holds; each builds aside and renames, so a killed setup goes on
where it was."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import locks, postgres
from .apt import Apt
from .commands import run
from .console import die, say, step
from .paths import CONF, DEBIAN, ROOT, RUNTIME, TOOLS, VENV, environment

LIB = Path(__file__).parent
STAMPS = RUNTIME / "stamp"
REMEMBERED = RUNTIME / "odoo-home"  # the last ODOO_HOME
ODOO_SERIES = "19.0"
ODOO_PACKAGE = "odoo-19"
# The Debian package links files of these, by relative links.
ODOO_COMPANIONS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# From the stable suite: sid's are too new, the files that Odoo links are gone there.
ODOO_OLD_COMPANIONS = ("fonts-font-awesome", "fonts-inconsolata")
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")

NO_INDEX = "Is the Python package index reachable? A mirror goes into pip.conf."
NO_ODOO = """\
{home} holds no Odoo 19: there is no odoo/release.py of series 19.0 in it.
Set ODOO_HOME to a source checkout of Odoo 19 or to the folder (dist-packages)
that holds its `odoo` package; or leave ODOO_HOME out, and Debian's is fetched."""


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def hash_file(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- Python packages


def _python():
    """A Python that Odoo 19 and the pinned packages run on."""
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return sys.executable
    for minor in (13, 12, 11):
        if found := shutil.which(f"python3.{minor}"):
            return found
    die(
        f"Python {sys.version.split()[0]} is too old or too new: Odoo 19 needs 3.11, "
        "3.12 or 3.13.\nInstall one (`apt-get install python3`), or run "
        "`python3.12 bin/setup`."
    )


def python_key():
    return digest(VENV, _python(), (LIB / "requirements.txt").read_text())


def python_packages():
    for step_inside in ("odoo", "lint"):  # they put files into it
        (STAMPS / step_inside).unlink(missing_ok=True)
    shutil.rmtree(VENV, ignore_errors=True)
    env = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    venv = [_python(), "-m", "venv"]
    if subprocess.run([*venv, VENV], capture_output=True, check=False).returncode:
        # Debian keeps pip in packages of its own; the wheel in one runs as it is
        run([*venv, "--clear", "--without-pip", VENV], log="python")
        own = Apt(None, "python")
        own.update()
        folder = own.unpack(own.download("python3-pip-whl"), RUNTIME / "pip")
        env["PYTHONPATH"] = str(next(folder.rglob("pip-*.whl")))
    pip = [VENV / "bin/python", "-m", "pip", "install", "--prefer-binary"]
    run(
        [*pip, "pip", "-r", LIB / "requirements.txt"],
        log="python",
        env=env,
        hint=NO_INDEX,
    )
    shutil.rmtree(RUNTIME / "pip.new", ignore_errors=True)


# ---------------------------------------------------------------- Odoo


def _odoo_given():
    """The Odoo that ODOO_HOME names, or named when this runtime was made."""
    if given := os.environ.get("ODOO_HOME"):
        return Path(given).expanduser().resolve()
    return Path(REMEMBERED.read_text()) if REMEMBERED.exists() else None


def _debian_odoo():
    return DEBIAN / "usr/lib/python3/dist-packages"


def odoo_home():
    return _odoo_given() or _debian_odoo()


def odoo_key():
    release = odoo_home() / "odoo/release.py"
    return digest(odoo_home(), release.exists(), sys.version_info[:2], python_key())


def odoo():
    home = _odoo_given()
    if home is None:
        home = _debian_odoo()
        packages = (ODOO_PACKAGE, *ODOO_COMPANIONS, *ODOO_OLD_COMPANIONS)
        made_from = DEBIAN / digest(*packages)
        if not made_from.exists():
            _fetch_odoo(made_from.name)
    release = home / "odoo/release.py"
    if not release.exists() or "version_info = (19, 0" not in release.read_text():
        die(NO_ODOO.format(home=home))
    if home != _debian_odoo():
        REMEMBERED.write_text(str(home))
    site = next(VENV.glob("lib/python3*/site-packages"))
    (site / "odoo-home.pth").write_text(f"{home}\n")
    script = VENV / "bin/odoo"
    script.write_text(f"#!{VENV}/bin/python\nfrom odoo.cli import main\n\nmain()\n")
    script.chmod(0o755)


def _fetch_odoo(made_from):
    sid, own = Apt("sid", "odoo"), Apt(None, "odoo")
    sid.update()
    own.update()
    debs = sid.download(ODOO_PACKAGE, *ODOO_COMPANIONS)
    new = sid.unpack(debs + own.download(*ODOO_OLD_COMPANIONS), DEBIAN)
    # left out by Debian for its licence; pages only ask that it is there
    library = new / _debian_odoo().relative_to(DEBIAN) / "odoo/addons/mail/static/lib"
    selfie = library / "selfie_segmentation/selfie_segmentation.js"
    selfie.parent.mkdir(parents=True, exist_ok=True)
    selfie.touch()
    (new / made_from).touch()
    shutil.rmtree(DEBIAN, ignore_errors=True)
    new.rename(DEBIAN)
    sid.clean()
    own.clean()
    dangling = [
        path
        for path in _debian_odoo().rglob("*")
        if path.is_symlink() and not path.exists()
    ]
    for path in dangling:
        say(f"\n  Debian's Odoo links a file that is not there: {path}")


def odoo_version():
    output = subprocess.run(
        [VENV / "bin/odoo", "--version"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    return output.stdout.strip() or die(f"Odoo does not start:\n{output.stderr}")


# ---------------------------------------------------------------- PostgreSQL


def postgres_key():
    if not postgres.is_private():
        return digest("given")
    return digest("private", RUNTIME, postgres.SETTINGS, os.geteuid())


def postgres_cluster():
    if postgres.is_private():
        postgres.create()


# ---------------------------------------------------------------- tools for tests


def _has_browser():
    return any(_on_path(name) for name in BROWSERS)


def _on_path(program):
    """On the machine, not in what an earlier setup made."""
    return shutil.which(program, path=os.environ.get("PATH", os.defpath))


def _has_cjk_font():
    if not _on_path("fc-list"):
        return False
    return bool(
        subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False
        ).stdout.strip()
    )


def missing_tools():
    """Debian packages for what the machine has not."""
    missing = []
    if not _has_browser():
        missing.append("chromium")
    if not _has_cjk_font():
        missing.append("fonts-wqy-zenhei")
    if not _on_path("wkhtmltopdf"):
        missing.append("wkhtmltopdf")
    return missing


def tools_key():
    return digest(TOOLS, *missing_tools())


def tools():
    missing = missing_tools()
    if not missing:
        shutil.rmtree(TOOLS, ignore_errors=True)
        return
    own = Apt(None, "tools")
    own.update()
    for package in [name for name in missing if not own.offers(name)]:
        say(f"\n  Debian has no {package} here; do without it or install it yourself.")
        missing.remove(package)
    new = own.unpack(own.download_missing(*missing, "fontconfig-config"), TOOLS)
    bin_ = new / "bin"
    if bin_.is_symlink():
        bin_.unlink()
    bin_.mkdir(exist_ok=True)
    libraries = sorted(
        {
            str(path.parent).replace(str(new), str(TOOLS))
            for path in new.rglob("*.so*")
            if path.parent.name in ("lib", "nss", "pulseaudio", "blas", "lapack")
            or path.parent.name.endswith("-linux-gnu")
        }
    )
    plugins = next(new.glob("usr/lib/*/qt5/plugins"), new)
    plugins = TOOLS / plugins.relative_to(new)
    (new / "fonts.conf").write_text(f"""\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>{TOOLS}/usr/share/fonts</dir>
  <cachedir>{TOOLS}/font-cache</cachedir>
</fontconfig>
""")
    programs = {
        "chromium": ("usr/lib/chromium/chromium", "--no-sandbox"),
        "wkhtmltopdf": ("usr/bin/wkhtmltopdf", ""),
    }
    for name, (program, option) in programs.items():
        if not (new / program).exists():
            continue
        wrapper = bin_ / name
        wrapper.write_text(
            "#!/bin/sh\n"
            f"export LD_LIBRARY_PATH='{':'.join(libraries)}'\n"
            f"export FONTCONFIG_FILE='{TOOLS}/fonts.conf'\n"
            "export QT_QPA_PLATFORM=offscreen\n"
            f"export QT_PLUGIN_PATH='{plugins}'\n"
            f"exec '{TOOLS}/{program}' {option} \"$@\"\n"
        )
        wrapper.chmod(0o755)
    shutil.rmtree(TOOLS, ignore_errors=True)
    new.rename(TOOLS)
    own.clean()


# ---------------------------------------------------------------- settings


def settings_key():
    return digest(ROOT, settings_text())


def settings_text():
    return f"""\
[options]
addons_path = {ROOT}
data_dir = {RUNTIME}/data
http_interface = 127.0.0.1
bin_path = {TOOLS}/bin
"""


def settings():
    (RUNTIME / "data").mkdir(exist_ok=True)
    CONF.write_text(settings_text())


# ---------------------------------------------------------------- all of it

STEPS = {
    "python": ("Python packages", python_key, python_packages),
    "odoo": ("Odoo 19", odoo_key, odoo),
    "postgres": ("PostgreSQL", postgres_key, postgres_cluster),
    "tools": ("Browser, CJK font, wkhtmltopdf", tools_key, tools),
    "settings": ("Settings", settings_key, settings),
}


def setup(verbose=False, rebuild=(), steps=STEPS):
    """Make what is missing. Silent when nothing is, unless asked to talk."""
    RUNTIME.mkdir(exist_ok=True)
    with locks.only_one("setup", "Another setup is at work here; waiting for it."):
        for number, (name, (title, key, make)) in enumerate(steps.items(), 1):
            stamp = STAMPS / name
            stamp.parent.mkdir(exist_ok=True)
            heading = f"[{number}/{len(steps)}] {title}"
            done = stamp.exists() and stamp.read_text() == key()
            if done and name not in rebuild:
                if verbose:
                    say(f"{heading} ... ready")
                continue
            stamp.unlink(missing_ok=True)
            if name == "odoo" and name in rebuild:
                shutil.rmtree(DEBIAN, ignore_errors=True)
                REMEMBERED.unlink(missing_ok=True)
            with step(heading):
                make()
            stamp.write_text(key())
