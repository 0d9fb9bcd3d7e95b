"""Writes the time zones of this machine as a Python module and its data: make_time_zones.py FOLDER TARGET

The data are a file of their own, `time_zones.bin`, which is read when the snapshot is taken. As a literal of the module
they would cost the snapshot ten times their size: what the compiler of Python had used stays in its memory.
"""

import pathlib
import sys


def main(folder, target):
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
    about = f'"""{len(places)} time zones of the IANA database, which is in the public domain."""'
    lines = [about, "", "import os", "", f"PLACES = {places!r}", "", _READ, ""]
    pathlib.Path(target, "time_zones.py").write_text("\n".join(lines))
    pathlib.Path(target, "time_zones.bin").write_bytes(data)


_READ = """with open(os.path.join(os.path.dirname(__file__), "time_zones.bin"), "rb") as file:
    DATA = file.read()"""

main(sys.argv[1], sys.argv[2])
