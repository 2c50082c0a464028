"""Decides, once, which Z3 this clone links, and puts it at `.z3/lib`.

A Z3 that pkg-config finds is linked in place when it is new enough. Otherwise
the wheel pinned in `requirements.txt` is fetched, checked against its digest,
and its library unpacked. Either way the library is loaded and asked for its
version before `.z3` appears, in one rename: a broken download never counts.

`.z3/version` holds what `build.rs` checks: the version, then the origin.
"""

import ctypes
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
Z3 = ROOT / ".z3"
# The oldest Z3 that the `z3` crate supports; `invariants/build.rs` demands the same.
OLDEST = (4, 13, 3)
LIBRARY = "libz3.dylib" if platform.system() == "Darwin" else "libz3.so"


def main():
    if is_set_up():
        return
    with tempfile.TemporaryDirectory(prefix=".z3-", dir=ROOT) as scratch:
        scratch = pathlib.Path(scratch)
        origin = link_installed(scratch / "installed")
        made = scratch / "installed"
        if origin is None:
            origin = fetch_pinned(scratch / "fetched", scratch / "wheel")
            made = scratch / "fetched"
        version = dotted(version_of(made / "lib" / LIBRARY))
        (made / "version").write_text(f"{version}\n{origin}\n")
        if Z3.exists():
            Z3.rename(scratch / "replaced")
        made.rename(Z3)
    print(f"z3 {version}: {origin}", file=sys.stderr)


def is_set_up():
    """True when `.z3` is whole and the pin has not moved since it was made."""
    try:
        _, origin = (Z3 / "version").read_text().splitlines()
    except (OSError, ValueError):
        return False
    return (Z3 / "lib" / LIBRARY).exists() and origin in (pin(), installed_origin())


def installed_origin():
    """Names the installed library that `.z3` links to, if it links to one."""
    library = Z3 / "lib" / LIBRARY
    return f"installed at {library.resolve()}" if library.is_symlink() else None


def pin():
    """The requirement without its digests: `z3-solver==5.4.0.0`."""
    lines = (HERE / "requirements.txt").read_text().splitlines()
    return next(line.split()[0] for line in lines if not line.startswith("#"))


def link_installed(made):
    """Links to the library that pkg-config names, or returns None when it is missing or too old."""
    try:
        asked = ["pkg-config", "--variable=libdir", "z3"]
        libdir = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    library = (pathlib.Path(libdir) / LIBRARY).resolve()
    # The library is asked, not its z3.pc: a wrong answer would be wrong proofs.
    version = version_of(library)
    if version is None or version < OLDEST:
        found = "unusable" if version is None else dotted(version)
        print(f"z3: {library} is {found}, {dotted(OLDEST)} is needed", file=sys.stderr)
        return None
    (made / "lib").mkdir(parents=True)
    (made / "lib" / LIBRARY).symlink_to(library)
    return f"installed at {library}"


def fetch_pinned(made, wheel):
    """Downloads the pinned wheel and unpacks its library, and nothing else, into `made/lib`."""
    print(f"z3: fetching {pin()}", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    what = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--dest", wheel]
    if subprocess.run([*pip, *what, "--requirement", HERE / "requirements.txt"]).returncode != 0:
        refuse(f"pip could not fetch {pin()}; its own message is above")
    with zipfile.ZipFile(next(wheel.glob("*.whl"))) as archive:
        for name in archive.namelist():
            if name.startswith("z3/lib/") and not name.endswith("/"):
                target = made / "lib" / pathlib.PurePosixPath(name).name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    if version_of(made / "lib" / LIBRARY) is None:
        refuse(f"{pin()} does not load on this machine")
    return pin()


def version_of(library):
    """Asks a library for its version; None when it cannot be loaded."""
    try:
        z3 = ctypes.CDLL(str(library))
        parts = [ctypes.c_uint() for _ in range(4)]
        z3.Z3_get_version(*map(ctypes.byref, parts))
    except (OSError, AttributeError):
        return None
    return tuple(part.value for part in parts[:3])


def dotted(version):
    return ".".join(map(str, version))


def refuse(reason):
    sys.exit(
        f"error: {reason}\n"
        f"help: install Z3 {dotted(OLDEST)} or newer with its z3.pc and repeat `make z3`,\n"
        "help: or build it from source: cargo build --release --features vendored-z3"
    )


main()
