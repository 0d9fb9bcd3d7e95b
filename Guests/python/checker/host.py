"""What the host tells and is told. All that leaves goes through here, as text that is valid Unicode."""

import json

import wit_world

# File names of users' code begin with this. A name that cannot be encoded is also one that CPython never tries to open,
# which it would do to quote a line in a SyntaxError; the sandbox has no files.
MARK = "\ud800"


def clean(text):
    """`text` without the marks of file names, and without other halves of characters, which cannot be sent."""
    text = text.replace(MARK, "")
    return text.encode("utf-8", "replace").decode()


class State:
    """What belongs to the one run that this instance of the sandbox is made for."""

    context = {}
    main_file = MARK + "script.py"
    now = 0.0
    log_is_open = True


def begin(file_name):
    State.context = json.loads(wit_world.context())
    State.now = State.context["now"]
    State.main_file = MARK + file_name


def history():
    return json.loads(wit_world.history())


def library(name):
    reply = wit_world.library(clean(name))
    return reply[1:] if reply.startswith("+") else None


def dataset(name):
    return json.loads(wit_world.dataset(clean(name)))


def column(name, index):
    return wit_world.column(clean(name), index).encode("latin-1")


def measure(name, expression, where):
    return json.loads(wit_world.measure(clean(name), clean(expression), clean(where)))


def report(verdict):
    wit_world.report(clean(json.dumps(verdict, ensure_ascii=False, allow_nan=False)))


def log(text):
    if State.log_is_open and text:
        State.log_is_open = wit_world.log(clean(text))


class Log:
    """Takes the place of standard output: a line goes to the host when it is complete, so that none is lost when the
    script is stopped."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self):
        self._pending = ""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() takes text, not {type(text).__name__}")
        if State.log_is_open:
            self._pending += text
            if "\n" in text or len(self._pending) > 4096:
                self.flush()
        return len(text)

    def flush(self):
        text, self._pending = self._pending, ""
        log(text)

    def isatty(self):
        return False

    def writable(self):
        return True

    def writelines(self, lines):
        for line in lines:
            self.write(line)
