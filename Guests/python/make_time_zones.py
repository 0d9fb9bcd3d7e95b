"""Writes the time zones of this machine as a Python module: make_time_zones.py FOLDER >time_zones.py"""

import pathlib
import sys


def main(folder):
    root = pathlib.Path(folder)
    data, places, known = bytearray(), {}, {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or name.split("/")[0] in ("right", "posix") or name == "localtime":
            continue
        content = path.read_bytes()
        if not content.startswith(b"TZif"):
            continue
        if content not in known:
            known[content] = (len(data), len(content))
            data += content
        places[name] = known[content]
    if "Europe/Berlin" not in places:
        sys.exit(f"{folder} holds no time zones; install tzdata")
    print(f'"""{len(places)} time zones of the IANA database, which is in the public domain."""\n')
    print(f"PLACES = {places!r}\n\nDATA = {bytes(data)!r}")


main(sys.argv[1])
