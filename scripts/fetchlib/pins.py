"""The pinned downloads: exact wheels with their SHA-256, and the parts of each that are kept."""

from __future__ import annotations

import dataclasses

LIBTORCH_VERSION = "2.13.0"
# One source compiles and runs against these releases of libtorch: 2.11 up to and including 2.15.
LIBTORCH_OLDEST, LIBTORCH_NEWEST = (2, 11), (2, 15)


@dataclasses.dataclass(frozen=True)
class Wheel:
    """One wheel of the Python package index; parts maps prefixes inside it to where they go."""

    package: str
    version: str
    file: str
    sha256: str
    parts: tuple[tuple[str, str], ...]

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.version}"


@dataclasses.dataclass(frozen=True)
class Package:
    """Wheels that are installed together into one folder of the cache; bytes_needed covers download and unpacking."""

    name: str
    version: str
    wheels: tuple[Wheel, ...]
    bytes_needed: int

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


def _nvidia(package, version, tag, sha256):
    file = f"{package.replace('-', '_')}-{version}-py3-none-{tag}.whl"
    licenses = f"{package.replace('-', '_')}-{version}.dist-info/"
    return Wheel(package, version, file, sha256, (("nvidia/", "nvidia/"), (licenses + "licenses/", f"licenses/{package}/")))


TORCH = Wheel(
    "torch",
    LIBTORCH_VERSION,
    f"torch-{LIBTORCH_VERSION}-cp311-cp311-manylinux_2_28_x86_64.whl",
    "60fcdcb2f3876e21146cb4524ef06397d727ca9ad5f020818547e25075fe3cb7",
    (
        ("torch/lib/", "torch/lib/"),
        ("torch/include/", "torch/include/"),
        ("torch/share/", "torch/share/"),
        ("torch/version.py", "torch/version.py"),
        (f"torch-{LIBTORCH_VERSION}.dist-info/licenses/", "licenses/torch/"),
    ),
)

# libtorch_cpu.so of that wheel loads these two even without a GPU.
COMPANIONS = (
    _nvidia("nvidia-cuda-runtime", "13.0.96", "manylinux2014_x86_64.manylinux_2_17_x86_64",
            "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548"),
    _nvidia("nvidia-cuda-cupti", "13.0.85", "manylinux_2_25_x86_64",
            "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8"),
)

LIBTORCH = Package("libtorch", LIBTORCH_VERSION, (TORCH, *COMPANIONS), 1_700_000_000)

# The other dependencies of torch 2.13.0 on Linux besides the two companions, as pip resolves them.
CUDA_WHEELS = (
    _nvidia("nvidia-cublas", "13.1.1.3", "manylinux_2_27_x86_64",
            "37936a16db8fe4ac1f065c2139360608a543a09275cb1a1af612e08cfa065436"),
    _nvidia("nvidia-cuda-nvrtc", "13.0.88", "manylinux2010_x86_64.manylinux_2_12_x86_64",
            "ad9b6d2ead2435f11cbb6868809d2adeeee302e9bb94bcf0539c7a40d80e8575"),
    _nvidia("nvidia-cudnn-cu13", "9.20.0.48", "manylinux_2_27_x86_64",
            "0c45dd8eeb50b603f07995b1b300c62ffe6a1980482b82b3bcf94a4ca9d49304"),
    _nvidia("nvidia-cufft", "12.0.0.61", "manylinux2014_x86_64.manylinux_2_17_x86_64",
            "6c44f692dce8fd5ffd3e3df134b6cdb9c2f72d99cf40b62c32dde45eea9ddad3"),
    _nvidia("nvidia-cufile", "1.15.1.6", "manylinux2014_x86_64.manylinux_2_17_x86_64",
            "08a3ecefae5a01c7f5117351c64f17c7c62efa5fffdbe24fc7d298da19cd0b44"),
    _nvidia("nvidia-curand", "10.4.0.35", "manylinux_2_27_x86_64",
            "1aee33a5da6e1db083fe2b90082def8915f30f3248d5896bcec36a579d941bfc"),
    _nvidia("nvidia-cusolver", "12.0.4.66", "manylinux_2_27_x86_64",
            "0a759da5dea5c0ea10fd307de75cdeb59e7ea4fcb8add0924859b944babf1112"),
    _nvidia("nvidia-cusparse", "12.6.3.3", "manylinux2014_x86_64.manylinux_2_17_x86_64",
            "2b3c89c88d01ee0e477cb7f82ef60a11a4bcd57b6b87c33f789350b59759360b"),
    _nvidia("nvidia-cusparselt-cu13", "0.8.1", "manylinux2014_x86_64",
            "786ce87568c303fadb5afcc7102d454cd3040d75f6f8626f5db460d1871f4dd0"),
    _nvidia("nvidia-nccl-cu13", "2.29.7", "manylinux_2_18_x86_64",
            "edd81538446786ec3b73972543e53bb43bcaf0bfc8ef76cb679fcc390ffe136d"),
    _nvidia("nvidia-nvjitlink", "13.5.37", "manylinux2010_x86_64.manylinux_2_12_x86_64",
            "280d7cb9649704145f074b8dbde500de04ce02d0872e066e20a83c17bcaa93eb"),
    _nvidia("nvidia-nvshmem-cu13", "3.4.5", "manylinux2014_x86_64.manylinux_2_17_x86_64",
            "290f0a2ee94c9f3687a02502f3b9299a9f9fe826e6d0287ee18482e78d495b80"),
    _nvidia("nvidia-nvtx", "13.0.85", "manylinux1_x86_64.manylinux_2_5_x86_64",
            "4936d1d6780fbe68db454f5e72a42ff64d1fd6397df9f363ae786930fd5c1cd4"),
)

# Installed into libtorch's folder, where the RPATH of libtorch_cuda.so finds them.
CUDA = Package("libtorch", LIBTORCH_VERSION, CUDA_WHEELS, 6_000_000_000)

def _headers(wheel):
    licenses = wheel.parts[1]
    return dataclasses.replace(wheel, parts=(("nvidia/cu13/include/", "include/"), licenses))


_CUDA_BY_NAME = {wheel.package: wheel for wheel in (*COMPANIONS, *CUDA_WHEELS)}

# Headers for the optional CUDA part of the build, so that it compiles without a tool kit and without a GPU.
CUDA_HEADERS = Package(
    "cuda-headers",
    "13.0.96",
    (
        _headers(_CUDA_BY_NAME["nvidia-cuda-runtime"]),
        _headers(_nvidia("nvidia-cuda-crt", "13.0.88", "manylinux2014_x86_64.manylinux_2_17_x86_64",
                         "2c8043c7c9e02492716426e9919fc78d2c5b3b2a7a768a88e952676b08aa55a4")),
        _headers(_nvidia("nvidia-cuda-cccl", "13.0.85", "manylinux2014_x86_64.manylinux_2_17_x86_64",
                         "e0da7ad981f3a8aff08241b5bfc1af868742a63e2762f53a5171c492ef242649")),
        _headers(_CUDA_BY_NAME["nvidia-cublas"]),
        _headers(_CUDA_BY_NAME["nvidia-cusparse"]),
        _headers(_CUDA_BY_NAME["nvidia-cusolver"]),
    ),
    1_000_000_000,  # the wheels hold the libraries too, one at a time
)

SPEECH_EMBEDDING = Package(
    "speech-embedding",
    "0.4.0",
    (
        Wheel(
            "openwakeword",
            "0.4.0",
            "openwakeword-0.4.0-py3-none-any.whl",
            "2c353f49a35d384507403efde3db439353d8281a52d08a0e42a5b493e5145075",
            (
                ("openwakeword/resources/models/melspectrogram.onnx", "melspectrogram.onnx"),
                ("openwakeword/resources/models/embedding_model.onnx", "embedding_model.onnx"),
                ("openwakeword-0.4.0.dist-info/LICENSE", "LICENSE"),
            ),
        ),
    ),
    20_000_000,
)

CLANG_FORMAT = Package(
    "clang-format",
    "14.0.6",
    (
        Wheel(
            "clang-format",
            "14.0.6",
            "clang_format-14.0.6-py2.py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.whl",
            "d7c1c5e404c58e55f0170f01b3c5611dce6c119e62b5d1020347e0ad97d5a047",
            (
                ("clang_format/data/bin/clang-format", "clang-format"),
                ("clang_format-14.0.6.dist-info/LICENSE.md", "LICENSE.md"),
            ),
        ),
    ),
    10_000_000,
)

# Its dictionaries find British spellings besides misspellings; pure Python, run from where it is unpacked.
CODESPELL = Package(
    "codespell",
    "2.4.3",
    (
        Wheel(
            "codespell",
            "2.4.3",
            "codespell-2.4.3-py3-none-any.whl",
            "af2505b335e8573dbd2d384d1c4ef498f4006f4ba2d6fceca01e55b91f52628a",
            (
                ("codespell_lib/", "codespell_lib/"),
                ("codespell-2.4.3.dist-info/licenses/", "licenses/"),
            ),
        ),
    ),
    5_000_000,
)
