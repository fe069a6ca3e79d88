"""Debian packages without root and without touching the machine's own apt.

A private set of lists and archives, fed from the Debian server that the machine's
own apt sources name; packages are unpacked with `dpkg -x`.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .commands import run
from .console import die
from .paths import RUNTIME

NO_DEBIAN = """\
This machine's apt names no Debian server, so {what} can't be fetched.
Either run this on Debian 12 or 13, or provide it yourself: see `bin/setup --help`."""


def _own_sources():
    """(uri, release) of the machine's Debian sources."""
    release = Path("/etc/os-release").read_text()
    codename = re.search(r"^VERSION_CODENAME=(\w+)", release, re.M)
    if not shutil.which("apt-get") or not codename:
        return []
    output = subprocess.run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)",
        ],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    rows = [line.split() for line in output.splitlines()]
    return [
        (row[1], row[2])
        for row in rows
        if row[0] == "Packages"
        and row[3] == "main"
        and row[2].split("-")[0] in (codename[1], "stable", "testing", "sid")
    ]


class Apt:
    """`suite` = None means the machine's own suites, with their updates."""

    def __init__(self, suite, log):
        self.folder = RUNTIME / "apt" / (suite or "own")
        self.log = log
        sources = _own_sources()
        if not sources:
            die(NO_DEBIAN.format(what=log))
        if suite:
            # not the security or updates server, which has no such suite
            uri = next(uri for uri, release in sources if "-" not in release)
            sources = [(uri, suite)]
        self._configure(sources)

    def _configure(self, sources):
        for sub in ("lists/partial", "archives/partial", "log"):
            (self.folder / sub).mkdir(parents=True, exist_ok=True)
        keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
        signed = f" signed-by={keyring}" if Path(keyring).exists() else ""
        (self.folder / "sources.list").write_text(
            "".join(
                f"deb [target=Packages{signed}] {uri} {release} main\n"
                for uri, release in sources
            )
        )
        # the machine's own settings (a proxy, say) without its hooks
        dump = subprocess.run(
            ["apt-config", "dump"], capture_output=True, text=True, check=True
        ).stdout
        kept = [
            line
            for line in dump.splitlines()
            if not re.match(r"(Dir|DPkg|APT::Update|APT::Sandbox|quiet)\b", line, re.I)
        ]
        (self.folder / "apt.conf").write_text(
            "\n".join(
                [
                    *kept,
                    'APT::Sandbox::User "root";',
                    'APT::Get::AllowUnauthenticated "false";',
                    'Acquire::Languages "none";',
                    'Acquire::Retries "3";',
                    'Debug::NoLocking "true";',
                    'Dir::Etc::main "/dev/null";',
                    'Dir::Etc::parts "/dev/null";',
                    'Dir::Etc::sourceparts "/dev/null";',
                    f'Dir::Etc::sourcelist "{self.folder}/sources.list";',
                    f'Dir::State "{self.folder}";',
                    f'Dir::State::lists "{self.folder}/lists";',
                    'Dir::State::status "/var/lib/dpkg/status";',
                    f'Dir::Cache "{self.folder}";',
                    f'Dir::Cache::archives "{self.folder}/archives";',
                    f'Dir::Log "{self.folder}/log";',
                    "",
                ]
            )
        )

    def _apt(self, *args, **kwargs):
        return run(
            ["env", f"APT_CONFIG={self.folder}/apt.conf", "apt-get", "-y", *args],
            log=self.log,
            **kwargs,
        )

    def update(self):
        self._apt("update", hint="Is the Debian server reachable?")

    def offers(self, package):
        """Whether the suite has it (Debian 13 has no wkhtmltopdf any more)."""
        return (
            subprocess.run(
                ["apt-get", "download", "--print-uris", package],
                env=os.environ | {"APT_CONFIG": f"{self.folder}/apt.conf"},
                capture_output=True,
                check=False,
            ).returncode
            == 0
        )

    def download(self, *packages):
        """These packages alone, as files; what is half there is continued."""
        archives = self.folder / "archives"
        output = self._apt("download", "--print-uris", *packages)
        names = re.findall(r"^'\S+' (\S+) \d+", output, re.M)
        self._apt("download", *packages, cwd=archives)
        return [archives / name for name in names]

    def download_missing(self, *packages):
        """These packages and what they need that this machine lacks."""
        args = ("install", "--no-install-recommends", *packages)
        output = self._apt(*args, "--print-uris")
        self._apt(*args, "--download-only")
        names = re.findall(r"^'\S+' (\S+) \d+", output, re.M)
        return [self.folder / "archives" / name for name in names]

    def unpack(self, debs, target):
        """Into a new folder first: a killed unpack leaves nothing half done."""
        new = target.with_name(target.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        for deb in debs:
            run(["dpkg", "-x", deb, new], log=self.log)
        return new

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)
