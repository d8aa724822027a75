"""Compile the core where there is a C compiler; without one the same files are interpreted."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CORE = ("simplex", "trace", "systems", "profiles", "contacts", "amounts")
COMPILED = tuple(f"sse_window/core/{name}" for name in _CORE)
"""Files that are compiled, with the types of the ``.pxd`` file beside each."""

DIRECTIVES = {
    "language_level": "3",
    "annotation_typing": False,
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "nonecheck": False,
    "cdivision": True,
    "freethreading_compatible": False,
}


class CustomBuildHook(BuildHookInterface):
    """Adds the extension modules to a wheel; in an editable install they lie beside their source.

    ``SSE_WINDOW_BUILD`` says what else: ``python`` compiles nothing, ``compiled`` fails where the
    compiler does.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say which files the wheel takes in."""
        wanted = os.environ.get("SSE_WINDOW_BUILD", "")
        if self.target_name != "wheel" or wanted == "python":
            return
        folder = Path(tempfile.mkdtemp(prefix="sse-window-build-"))
        try:
            built = compile_modules(Path(self.root), folder)
        except (Exception, SystemExit) as error:
            shutil.rmtree(folder, ignore_errors=True)
            if wanted == "compiled":
                raise
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            self.app.display_warning(f"the core is not compiled and will be slower: {reason}")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        for name, path in built.items():
            if version == "editable":
                shutil.copy(path, Path(self.root) / name)
            else:
                build_data["force_include"][str(path)] = name


def compile_modules(
    root: Path, folder: Path, flags: tuple[str, ...] = (), *, checked: bool = False
) -> dict[str, Path]:
    """Extension modules by their place in the package.

    Parameters
    ----------
    root : Path
        Of the source tree, which is left as it is.
    folder : Path
        Where to work; the modules are left there.
    flags : tuple of str
        For the compiler and the linker, besides those that a wheel is built with.
    checked : bool
        Check every index of an array.
    """
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    # Fused multiply-add rounds once where the interpreted core rounds twice.
    fixed = (
        ["/O2", "/fp:precise"] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]
    )
    for module in COMPILED:
        for file in (root / module).parent.iterdir():
            if file.suffix in (".py", ".pxd"):
                copy = folder / file.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
    (folder / "sse_window" / "__init__.py").touch()
    before = Path.cwd()
    os.chdir(folder)
    try:
        extensions = cythonize(
            [
                Extension(
                    module.replace("/", "."),
                    [f"{module}.py"],
                    extra_compile_args=[*fixed, *flags],
                    extra_link_args=list(flags),
                )
                for module in COMPILED
            ],
            compiler_directives={**DIRECTIVES, "boundscheck": checked},
            quiet=True,
        )
        command = build_ext(Distribution({"ext_modules": extensions}))
        command.inplace = False
        command.parallel = os.cpu_count()
        command.build_lib = str(folder / "lib")
        command.build_temp = str(folder / "temp")
        command.ensure_finalized()
        command.run()
        outputs = [Path(path).resolve() for path in command.get_outputs()]
    finally:
        os.chdir(before)
    library = (folder / "lib").resolve()
    return {path.relative_to(library).as_posix(): path for path in outputs}
