"""Compares the symbols that libduovox.so exports with the functions that duovox.h declares: check_exports.py LIB HEADER NM"""

import re
import subprocess
import sys


def declared(header: str) -> set:
    """Names of the functions marked DUOVOX_API."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", header, flags=re.DOTALL)
    return set(re.findall(r"\bDUOVOX_API\b[^;(]*?\b(duovox_\w+)\s*\(", text))


def exported(library: str, nm: str) -> set:
    """Names of the dynamic symbols defined by a library."""
    lines = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in lines.splitlines() if line.strip()}


def main() -> int:
    library, header, nm = sys.argv[1:]
    with open(header, encoding="utf-8") as stream:
        wanted = declared(stream.read())
    found = exported(library, nm)
    for name in sorted(wanted - found):
        print(f"declared in duovox.h but not exported: {name}")
    for name in sorted(found - wanted):
        print(f"exported but not declared in duovox.h: {name}")
    print(f"{len(wanted)} functions declared, {len(found)} symbols exported")
    return 0 if wanted and wanted == found else 1


if __name__ == "__main__":
    sys.exit(main())
