"""Compares the versions of functions in libduovox.so with what their CPUs can do: check_clones.py LIB OBJDUMP

Each function with the attribute DUOVOX_VECTOR_CLONES must have a version for x86-64-v3 and one for v4, and none for a single extension.
The products among them must multiply and add in one instruction there, on whole registers, and not in the version for any CPU.
"""

import re
import subprocess
import sys

PRODUCTS = ("add_product", "tile")
LEVELS = ("arch_x86_64_v3", "arch_x86_64_v4")


def versions(library: str, objdump: str) -> dict:
    """Code of each function with versions, by its (mangled) name and version."""
    command = [objdump, "--disassemble", "--no-show-raw-insn", library]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {}
    for head, code in re.findall(r"^[0-9a-f]+ <(\S+)>:\n((?:.+\n)*)", text, flags=re.MULTILINE):
        name, _, version = head.partition(".")
        if re.fullmatch(r"default|arch_\w+|avx\w*|sse\w*|fma", version):
            found.setdefault(name, {})[version] = code
    return found


def fused(code: str) -> int:
    return len(re.findall(r"\bvfn?m(?:add|sub)[0-9]+ps\b.*%[yz]mm", code))


def faults(functions: dict) -> list:
    found = [f"{name} has the versions {sorted(code)}" for name, code in functions.items() if set(code) != {"default", *LEVELS}]
    for product in PRODUCTS:
        codes = [code for name, code in functions.items() if f"{len(product)}{product}E" in name]
        if len(codes) != 1:
            found.append(f"{len(codes)} functions are called {product}")
            continue
        counts = {version: fused(code) for version, code in codes[0].items()}
        print(f"{product}: fused multiply-adds on whole registers: {counts}")
        if not all(counts.get(level) for level in LEVELS) or counts.get("default"):
            found.append(f"{product} does not use what its CPUs have: {counts}")
    return found


def main() -> int:
    functions = versions(*sys.argv[1:])
    print(f"{len(functions)} functions with versions")
    found = faults(functions) if functions else ["no function has versions"]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
