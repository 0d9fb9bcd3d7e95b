"""Runs a module's function `prepare` and writes the module as it is after that: snapshot.py IN OUT

Every run then starts where `prepare` ended, without doing its work again. The module may import functions, which
`prepare` must not call, and has one memory, active data segments only, and no globals that `prepare` leaves changed.
"""

import sys

import wasmtime

PAGE = 65536
CUSTOM, IMPORT, MEMORY, EXPORT, DATA, DATA_COUNT = 0, 2, 5, 7, 11, 12


def main(source, target):
    with open(source, "rb") as file:
        module = file.read()
    memory = memory_after_prepare(module)
    sections = [(kind, body) for kind, body in read_sections(module) if kind not in (CUSTOM, DATA_COUNT)]
    with open(target, "wb") as file:
        file.write(module[:8])
        for kind, body in sections:
            if kind == MEMORY:
                body = b"\x01\x00" + leb(len(memory) // PAGE)
            elif kind == DATA:
                body = data_section(memory)
            file.write(bytes([kind]) + leb(len(body)) + body)


def memory_after_prepare(bytes_of_module):
    engine = wasmtime.Engine()
    module = wasmtime.Module(engine, bytes_of_module)
    store = wasmtime.Store(engine)
    linker = wasmtime.Linker(engine)
    linker.define_unknown_imports_as_traps(module)
    instance = linker.instantiate(store, module)
    instance.exports(store)["prepare"](store)
    memory = instance.exports(store)["memory"]
    return bytes(memory.read(store, 0, memory.data_len(store)))


def read_sections(module):
    place = 8
    while place < len(module):
        kind = module[place]
        size, place = unleb(module, place + 1)
        yield kind, module[place : place + size]
        place += size


def data_section(memory):
    """The parts of the memory that are not zero; short gaps are cheaper inside of one."""
    segments, start, end = [], None, 0
    step = 256
    for place in range(0, len(memory), step):
        if memory[place : place + step].count(0) == step:
            continue
        if start is None:
            start = place
        elif place - end >= 1024:
            segments.append((start, end))
            start = place
        end = place + step
    segments.append((start or 0, end))
    body = leb(len(segments))
    for start, end in segments:
        body += b"\x00\x41" + signed_leb(start) + b"\x0b" + leb(end - start) + memory[start:end]
    return body


def leb(value):
    out = bytearray()
    while True:
        byte, value = value & 127, value >> 7
        out.append(byte | (128 if value else 0))
        if not value:
            return bytes(out)


def signed_leb(value):
    out = bytearray()
    while True:
        byte, value = value & 127, value >> 7
        done = value == 0 and not byte & 64
        out.append(byte if done else byte | 128)
        if done:
            return bytes(out)


def unleb(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place


main(sys.argv[1], sys.argv[2])
