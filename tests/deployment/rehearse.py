"""Run the steps of the Dockerfile in a bare Debian without a container engine, then use what came of them.

`sudo .venv/bin/python -m tests.deployment.rehearse FOLDER` needs root, debootstrap and some gigabytes in FOLDER. What an engine
would do beyond chroot (layers, networks, resource limits, its default seccomp profile) is not rehearsed.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from config.paths import ROOT
from tests.deployment.dockerfile import Stage, Step, context_files, read_dockerfile

MIRROR = "http://deb.debian.org/debian"
ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Private mounts: they vanish with the process, whatever happens.
ENTER = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$@"'


def inside(root: Path, command: list[str], environment: dict[str, str], *, user: str = "root", workdir: str = "/") -> list[str]:
    """Return the command that runs another one inside a root, with nothing of this machine's environment."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    chrooted = [f"--userspec={user}:{user}", str(root), "/usr/bin/env", "-i", "-C", workdir, *variables, *command]
    return ["unshare", "--mount", "sh", "-c", ENTER, str(root), *chrooted]


class Rehearsal:
    """The stages of a Dockerfile as folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stages = read_dockerfile(ROOT / "Dockerfile")

    @property
    def image(self) -> Stage:
        """The last stage: what would be the image."""
        return self.stages[-1]

    def root(self, stage: Stage) -> Path:
        """Return the folder of a stage."""
        return self.folder / f"stage-{stage.name}"

    def build(self) -> None:
        """Run every step. Raises `CalledProcessError` when one fails."""
        for stage in self.stages:
            root = self.root(stage)
            if root.exists():
                shutil.rmtree(root)
            say(f"FROM {stage.base}")
            copy_tree(self._base(stage.base), root)
            for name in ("resolv.conf", "hosts"):
                shutil.copy(f"/etc/{name}", root / "etc" / name)
            for step in stage.steps:
                self._do(stage, root, step)

    def _base(self, image: str) -> Path:
        """Make the base image: debootstrap's smallest variant is what Debian's own images are made from."""
        release = image.removeprefix("debian:").removesuffix("-slim")
        base = self.folder / f"base-{release}"
        if not (base / "usr/bin/dpkg").exists():
            subprocess.run(
                ["debootstrap", "--variant=minbase", release, str(base), MIRROR], check=True, stdout=subprocess.DEVNULL
            )
        return base

    def _do(self, stage: Stage, root: Path, step: Step) -> None:
        begun = time.monotonic()
        match step.instruction:
            case "RUN":
                subprocess.run(
                    inside(root, ["sh", "-c", step.text], self._surroundings(root)), check=True, stdout=subprocess.DEVNULL
                )
            case "COPY":
                self._copy(root, step.words)
            case _:
                return
        say(f"  {step.instruction} {step.text[:100]} ({time.monotonic() - begun:.0f} s)")

    def _surroundings(self, root: Path) -> dict[str, str]:
        """Return the environment of RUN; on a machine with certificates of its own, pip needs these too."""
        found = {"PATH": ROOT_PATH, "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
        if certificates := os.environ.get("PIP_CERT"):
            shutil.copy(certificates, root / "tmp" / "certificates.pem")
            found["PIP_CERT"] = "/tmp/certificates.pem"
        return found

    def _copy(self, root: Path, words: list[str]) -> None:
        options, (source, target) = words[:-2], words[-2:]
        goal = root / target.lstrip("/")
        if options:
            [stage] = [stage for stage in self.stages if options == [f"--from={stage.name}"]]
            copy_tree(self.root(stage) / source.lstrip("/"), goal)
        elif source == ".":
            for path in context_files(ROOT):
                (goal / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, goal / path)
        else:
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, goal)

    def command(self, command: list[str], **environment: str) -> list[str]:
        """Return the command that runs another one as the image would: its user, its environment, its folder."""
        stage = self.image
        variables = stage.environment | environment
        user, workdir = stage.last("USER").text, stage.last("WORKDIR").text
        return inside(self.root(stage), command, variables, user=user, workdir=workdir)

    def entrypoint(self, *arguments: str, **environment: str) -> list[str]:
        """Return the command that starts the image."""
        return self.command([*self.image.last("ENTRYPOINT").words, *arguments], TINI_SUBREAPER="1", **environment)

    def health_check(self, **environment: str) -> list[str]:
        """Return the command of HEALTHCHECK."""
        _, _, text = self.image.last("HEALTHCHECK").text.partition("CMD ")
        return self.command(["sh", "-c", text], **environment)


def copy_tree(source: Path, goal: Path) -> None:
    """Copy a folder that may hold device nodes, which `shutil` would read without end."""
    goal.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "--archive", "--no-target-directory", str(source), str(goal)], check=True)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Build, then play."""
    from tests.deployment.play import play

    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    rehearsal = Rehearsal(folder)
    if "--built" not in sys.argv:
        rehearsal.build()
    play(rehearsal)


if __name__ == "__main__":
    main()
