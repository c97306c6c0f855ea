"""Runs every command that a document shows, against a real simulator and a real gateway.

    scripts/documents [FILE…]        without a name: README, docs, examples, articles

A command is a line of a block marked sh, console (`$ ` before commands; the rest is what they print, with … for anything) or
cron, a code span that begins with a word of COMMANDS, or an example in the help of a verb. Each is run in a scratch folder and
must end with 0. What cannot be run here stands in not-run.txt with the reason. A block that does not say what it is, a line
of not-run.txt that no document needs, and a link or a path that leads nowhere are findings like a command that fails.

It uses the ports that the documents name, so it wants a network of its own: scripts/loopback-only.
"""

import dataclasses
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

DOCUMENTS = ["*.md", "docs/*.md", "examples/**/*.md", "Sources/*/*.docc/*.md"]
# Same code in each language: .ci/checks/readme-languages.
TRANSLATIONS = re.compile(r"(README|troubleshooting)\.(uz|ru)\.md$")

RUN = {"sh", "console", "cron"}
# Of these, nginx and yaml are read by the programs that they are for, and json is parsed. Swift: DocumentationTests.
SHOWN = {"text", "ini", "swift", "json", "nginx", "sql", "yaml"}
COMMANDS = (
    "eskiz make sudo systemctl docker curl kill man openssl getent promtool python python3 swift git chmod apt sqlite3 journalctl"
).split()
# These run until they are stopped. In a block they are started; named in a sentence they only have to exist.
SERVERS = {"serve", "simulate"}
LASTING = SERVERS | {"tail", "demo"}

# What a document leaves to the reader's imagination.
PLACEHOLDERS = [
    (r"^(eskiz (?:explain|cancel)) ID\b", r"\1 $(message_id)"),
    (r"^(eskiz (?:status|logs)) ID\b", r"\1 $(provider_id)"),
    (r"^(eskiz keys revoke) ID\b", r"\1 $(key_id)"),
    (r"^(eskiz keys add) NAME\b", r"\1 name"),
    (r'^(eskiz (?:check|templates add)) "…"', r'\1 "Sizning tasdiqlash kodingiz: 123456"'),
    (r"^eskiz <verb> --help$", "eskiz send --help"),
    # The reader's own program.
    (r"\./shop$", "eskiz balance"),
    # Of the examples in the help.
    (r"^fortune \|", "echo Salom |"),
    (r"\b5b1f0c6e-[0-9a-f-]+", "$(provider_id)"),
    (r"^eskiz cancel 28425123456", "eskiz cancel $(message_id later)"),
    (r"\b28425123456\b", "$(message_id)"),
    (r"\bk_4f9a1c2b3d4e\b", "$(key_id)"),
    (r"^ESKIZ_EMAIL=ops@example.test ESKIZ_PASSWORD_FILE=/run/eskiz", "ESKIZ_EMAIL=demo@example.test ESKIZ_PASSWORD=demo-key"),
    (r"< text\.txt", "<<<'Narxi 5 €'"),
    (r"> (~/[^ ]+)", r"> $(install -D /dev/null \1; echo \1)"),
]

# In these documents one command builds upon another, from the first to the last. `systemctl` and `sudo` are played, see STAGE.
STORIES = {"docs/operations.md"}

# Bash before and after a command of a story: what the text leaves to happen, and what must have come of it.
AROUND = {
    ("docs/operations.md", 'sudo -u eskiz sqlite3'): ("waiting_id=$(message_id later)", ""),
    ("docs/operations.md", "sudo rm /var/lib/eskiz/backup.sqlite"): ("", "test -s srv/backup/backup.sqlite"),
    # What waited has gone out meanwhile, or was taken back; from the copy it would go out once more.
    ("docs/operations.md", "sudo systemctl stop eskiz"): ("eskiz cancel $waiting_id >/dev/null", ""),
    ("docs/operations.md", "while ids="): ("", '[ "$(cat cancelled.txt)" = "$waiting_id" ]'),
    ("docs/operations.md", "kill %1"): ("", "wait"),
}

# Shell functions and programs that every session has.
PRELUDE = r"""
set -o pipefail -m
account() { export ESKIZ_BASE_URL=http://127.0.0.1:9080/api ESKIZ_EMAIL=demo@example.test ESKIZ_PASSWORD=demo-key; }
api_key() { cat "${ESKIZ_STATE_DIR:-$HOME/.local/state/eskiz}/api-key"; }
message_id() {
    local body='{"to":"+998901234567","text":"Salom"}'
    [ "${1-}" != later ] || body='{"to":"+998901234567","text":"Salom","send_at":"'$(date -u -d '+1 hour' +%FT%TZ)'"}'
    command curl -fsS -H "Authorization: Bearer $(api_key)" -H 'Content-Type: application/json' -H 'Prefer: wait=5' \
        -d "$body" http://127.0.0.1:8080/v1/messages | jq -r .id
}
provider_id() { eskiz send 901234567 Salom --wait --json | jq -r .id; }
key_id() { eskiz keys add short-lived --json | jq -r .id; }
await() {
    for _ in $(seq 300); do
        grep -q '^listening ' "$1" && return 0
        [ -z "${2-}" ] || kill -0 "$2" 2>/dev/null || break
        sleep 0.1
    done
    echo "it did not say that it listens" >&2
    return 1
}
leave() {
    local job status=0
    for job in $(jobs -p); do kill -TERM "$job" 2>/dev/null; done
    for job in $(jobs -p); do wait "$job" || status=$?; done
    return $status
}
"""

PROGRAMS = {
    # An answer of 400 and more is a failure, whatever the document's options say.
    "curl": """
for argument in "$@"; do case $argument in --fail* | -f*) exec {curl} "$@" ;; esac; done
exec {curl} --fail-with-body "$@"
""",
    "eskiz": 'exec {eskiz} "$@"',
    # What the targets do takes minutes and is done by CI one by one: here they have to exist.
    "make": 'exec {make} --dry-run --no-print-directory -C {root} "$@"',
}

# Programs for stories: the parts of root, of the service's user and of systemd.
STAGE = {
    "sudo": """
[ "$1" != -u ] || shift 2
if [ "$1" = install ]; then
    shift; arguments=()
    while [ $# -gt 0 ]; do case $1 in -o | -g) shift 2 ;; *) arguments+=("$1"); shift ;; esac; done
    exec install "${{arguments[@]}}"
fi
exec "$@"
""",
    "systemctl": """
state={folder}/var/lib/eskiz pid={folder}/service.pid
stop() {{ [ ! -e "$pid" ] || {{ kill -TERM "$(cat "$pid")"; tail --pid="$(cat "$pid")" -f /dev/null; rm "$pid"; }}; }}
start() {{
    set -a; . {folder}/etc/eskiz/eskiz.env; ESKIZ_STATE_DIR=$state ESKIZ_LOG_FILE=; set +a
    : >{folder}/service.out
    setsid eskiz serve >{folder}/service.out 2>>{folder}/service.err </dev/null &
    echo $! >"$pid"
    for _ in $(seq 150); do ! grep -q '^listening ' {folder}/service.out || exit 0; sleep 0.1; done
    cat {folder}/service.err; exit 1
}}
case $1 in
    start) start ;; stop) stop ;; restart) stop; start ;; status) kill -0 "$(cat "$pid")" ;;
    *) exit 64 ;;
esac
""",
}


@dataclasses.dataclass
class Command:
    file: str
    line: int
    text: str
    # Which block it stands in: its first line; 0 for a span.
    block: int = 0
    # What it prints, as the document has it; None if it has nothing.
    output: str | None = None

    @property
    def place(self):
        return f"{self.file}:{self.line}"


class Documents:
    """The commands of some files, and what is wrong with how they are written."""

    def __init__(self, paths):
        self.commands, self.findings = [], []
        for path in paths:
            self.read(path)

    def read(self, path):
        fence, language, start, lines = None, None, 0, []
        name = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r"^(\s*)(```+)(\S*)\s*$", line)
            if match and fence is None:
                indent, fence, language = match.groups()
                start, lines = number, []
            elif match and match[2] == fence and not match[3]:
                self.block(name, start, language, lines)
                fence = None
            elif fence is not None:
                lines.append(line.removeprefix(indent))
            else:
                for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", line):
                    if not (path.parent / target).exists():
                        self.findings.append(f"{name}:{number}: a link to {target}, which is not there")
                for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", line):
                    words = span.split()
                    if re.match(r"(\.ci|scripts|Tests|packaging|examples|docs|Sources|Benchmarks)/[\w./-]+$", words[0] if words else ""):
                        if not (ROOT / words[0]).exists():
                            self.findings.append(f"{name}:{number}: {words[0]} is not there")
                    if words and words[0] in COMMANDS and len(words) > 1:
                        self.commands.append(Command(name, number, span))
        if fence is not None:
            self.findings.append(f"{name}:{start}: this block never ends")

    def block(self, name, start, language, lines):
        if language not in RUN | SHOWN:
            self.findings.append(
                f"{name}:{start}: a block of {language or 'nothing'}; commands are sh, console or cron, all else is one of "
                f"{', '.join(sorted(SHOWN))}"
            )
            return
        if language in SHOWN:
            reader = {"nginx": read_nginx, "yaml": read_prometheus, "json": read_json}.get(language)
            if reader and (complaint := reader("\n".join(lines) + "\n")):
                self.findings.append(f"{name}:{start}: {complaint}")
            for number, line in enumerate(lines, start + 1):
                if language in ("text", "ini") and re.match(rf"(\$ )?({'|'.join(COMMANDS)}) ", line):
                    self.findings.append(f"{name}:{number}: a command in a block of {language}, which nobody runs")
            return
        number = 0
        while number < len(lines):
            line, first = lines[number], number
            number += 1
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if language == "console":
                if not line.startswith("$ "):
                    self.findings.append(f"{name}:{start + number}: output without a command")
                    continue
                line = line[2:]
            elif language == "cron":
                line = re.sub(r"^(\S+\s+){5}", "", line)
            while not is_whole(line) and number < len(lines):
                line += "\n" + lines[number]
                number += 1
            command = Command(name, start + first + 1, without_comment(line), start)
            if language == "console":
                output = []
                while number < len(lines) and not lines[number].startswith("$ "):
                    output.append(lines[number])
                    number += 1
                command.output = "\n".join(output) or None
            self.commands.append(command)


def read_nginx(text):
    """What nginx says against it. It stands in `http`, and its certificate is one of our own."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = f"{folder}/key.pem", f"{folder}/certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=sms.example.test", "-keyout", key,
             "-out", certificate], check=True, capture_output=True,
        )
        text = re.sub(r"(ssl_certificate\s+)[^;]+", rf"\1{certificate}", text)
        text = re.sub(r"(ssl_certificate_key\s+)[^;]+", rf"\1{key}", text)
        path = pathlib.Path(folder, "nginx.conf")
        path.write_text(f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{text}}}\n", encoding="utf-8")
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        test = subprocess.run([program, "-t", "-q", "-p", folder, "-c", path], capture_output=True, text=True, check=False)
        return test.stderr if test.returncode else None


def read_prometheus(text):
    """What Prometheus says against it."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        command = ["promtool", "check", "config", "--syntax-only", file.name]
        test = subprocess.run(command, capture_output=True, text=True, check=False)
        return test.stdout + test.stderr if test.returncode else None


def read_json(text):
    try:
        json.loads(text)
    except ValueError as error:
        return str(error)
    return None


def is_whole(text):
    """Whether a shell would not wait for another line."""
    if text.endswith("\\"):
        return False
    check = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return "unexpected end of file" not in check.stderr and "unexpected EOF" not in check.stderr


def without_comment(text):
    return re.sub(r"\s+# .*$", "", text) if "\n" not in text else text


class Table:
    """not-run.txt: FILE | COMMAND | REASON; in file and command `*` is anything."""

    def __init__(self, path):
        self.rows = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            # The command may hold pipes of its own; the columns have spaces around theirs.
            file, _, rest = line.partition(" | ")
            command, _, reason = rest.rpartition(" | ")
            if not (file.strip() and command.strip() and reason.strip()):
                raise SystemExit(f"{path.name}:{number}: FILE | COMMAND | REASON")
            pattern = [re.compile(".*".join(map(re.escape, part.strip().split("*")))) for part in (file, command)]
            self.rows.append([pattern, f"{path.name}:{number}", 0])

    def has(self, command):
        found = False
        for row in self.rows:
            (file, text), _, _ = row
            if file.fullmatch(command.file) and text.fullmatch(command.text.split("\n")[0]):
                row[2] += 1
                found = True
        return found

    def unused(self):
        return [f"{place}: no document shows this any more" for _, place, count in self.rows if not count]


class Verbs:
    """What `eskiz` can be asked."""

    def __init__(self, eskiz):
        said = subprocess.run([eskiz, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
        self.root = json.loads(said)["command"]

    def examples(self):
        """The examples of each verb: lines of its help that are set in and hold a command."""
        def walk(node, path):
            for line in (node.get("discussion") or "").splitlines():
                text = re.sub(r"\s{4,}\S.*$", "", line)
                if line.startswith("  ") and re.search(r"\beskiz [a-z]|^  export ", text):
                    text = re.sub(r"^(\S+ \S+ \* \* \*\s+)", "", text.strip())
                    # The simulator has a session of its own.
                    yield Command("eskiz " + " ".join([*path, "--help"]), 0, text, 2 if path == ["simulate"] else 1)
            for subcommand in node.get("subcommands") or []:
                yield from walk(subcommand, [*path, subcommand["commandName"]])
        return list(walk(self.root, []))

    def is_mention(self, words):
        """Whether the words only name a verb that wants more, or one that lasts: `eskiz keys add`."""
        node = self.root
        for index, word in enumerate(words):
            node_of = {s["commandName"]: s for s in node.get("subcommands") or []}
            if word not in node_of:
                return False
            node = node_of[word]
            if word in LASTING:
                return index == len(words) - 1
        wants = [
            a for a in node.get("arguments") or [] if a["kind"] == "positional" and not a.get("isOptional", False)
        ]
        return bool(wants) or bool(node.get("subcommands"))


class Session:
    """Commands that are run one after the other in one shell, in a folder of their own."""

    def __init__(self, eskiz, commands, is_story, has_servers):
        self.eskiz, self.commands, self.is_story = eskiz, commands, is_story
        # Whether simulator and gateway are there before the first command.
        self.has_servers = has_servers

    def staged(self, text):
        """The places of a service, in the scratch folder."""
        if not self.is_story:
            return text
        return re.sub(r"(?<![\w.])/(var/lib/eskiz|etc/eskiz|srv/backup)", rf"{self.folder}/\1", text)

    def script(self, verbs):
        lines = [PRELUDE, f"cd {shlex.quote(str(self.folder))}"]
        if self.has_servers:
            # In a shell of its own: `kill %1` of a document means the document's first server.
            out = f"{self.folder}/out.simulator"
            lines.append(f"(eskiz simulate --log-level error >{out} 2>&1 </dev/null &); await {out}")
            lines.append("account")
            if self.is_story:
                lines.append(f"export ESKIZ_STATE_DIR={self.folder}/var/lib/eskiz ESKIZ_LOG_FILE=")
            else:
                out = f"{self.folder}/out.gateway"
                lines.append(f"(eskiz serve --log-level error >{out} 2>&1 </dev/null &); await {out}")
        for index, command in enumerate(self.commands):
            text = command.text
            for pattern, replacement in PLACEHOLDERS:
                text = re.sub(pattern, replacement, text)
            words = text.split()
            if not command.block and words[0] == "eskiz" and verbs.is_mention(words[1:]):
                text += " --help >/dev/null"
            before = after = ""
            for (file, beginning), around in AROUND.items():
                if file == command.file and text.startswith(beginning):
                    before, after = around
            lines += self.step(index, self.staged(text), self.staged(before), self.staged(after))
        lines += ["echo begin end >&9", "leave 2>err.end", "echo end end $? >&9"]
        return "\n".join(lines)

    def step(self, name, text, before="", after=""):
        out, err = f"{self.folder}/out.{name}", f"{self.folder}/err.{name}"
        server = re.search(rf"^[^|;]*\beskiz ({'|'.join(SERVERS)})\b(?!.*--help)", text.replace("\\\n", " "))
        lines = [f"echo begin {name} >&9", before]
        if server:
            lines += [f"{text.rstrip().removesuffix('&')} >{out} 2>{err} </dev/null &", f"await {out} $! 2>>{err}"]
        else:
            lines += ["{", text, f"}} >{out} 2>{err} </dev/null"]
        lines.append("status=$?")
        if after:
            lines.append(f"[ $status != 0 ] || {{ {after}; }} 2>>{err} || {{ status=$?; echo 'after it: '{shlex.quote(after)} >>{err}; }}")
        return [*lines, f"echo end {name} $status >&9"]

    def run(self, verbs):
        """What was found."""
        with tempfile.TemporaryDirectory() as folder:
            self.folder = pathlib.Path(folder)
            programs = PROGRAMS | (STAGE if self.is_story else {})
            (self.folder / "bin").mkdir()
            for name, body in programs.items():
                program = self.folder / "bin" / name
                values = {"curl": shutil.which("curl"), "eskiz": self.eskiz, "folder": folder, "make": shutil.which("make"), "root": ROOT}
                program.write_text("#!/bin/bash\n" + body.format(**values) + "\n")
                program.chmod(0o755)
            if self.is_story:
                for place in ("var/lib/eskiz", "etc/eskiz", "srv/backup"):
                    (self.folder / place).mkdir(parents=True, mode=0o700)
                settings = (ROOT / "packaging" / "eskiz.env").read_text()
                account = "ESKIZ_EMAIL=demo@example.test\nESKIZ_PASSWORD=demo-key\nESKIZ_BASE_URL=http://127.0.0.1:9080/api\n"
                (self.folder / "etc/eskiz/eskiz.env").write_text(settings + account)
            environment = {
                "HOME": folder, "PATH": f"{folder}/bin:{os.environ['PATH']}", "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1",
            }
            steps = self.folder / "steps"
            with steps.open("w") as progress:
                shell = subprocess.Popen(
                    ["bash", "--noprofile", "--norc", "-c", "exec 9>&1 1>&2\n" + self.script(verbs)], cwd=folder,
                    env=environment, stdin=subprocess.DEVNULL, stdout=progress, stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                try:
                    shell.wait(150)
                except subprocess.TimeoutExpired:
                    pass
                self.end(shell)
            return list(self.judge(steps.read_text().splitlines()))

    def end(self, shell):
        """Nothing of a session outlives it."""
        service = self.folder / "service.pid"
        if service.exists():
            try:
                os.kill(int(service.read_text()), signal.SIGTERM)
            except ProcessLookupError:
                pass
        for process in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                # After the name, which may hold anything: state, parent, group, session.
                if int(process.read_text().rpartition(")")[2].split()[3]) == shell.pid:
                    os.kill(int(process.parent.name), signal.SIGKILL)
            except (OSError, ValueError):
                pass
        shell.wait()

    def judge(self, steps):
        ended = {name: int(status) for name, status in (line.split()[1:] for line in steps if line.startswith("end "))}
        for index, command in enumerate(self.commands):
            status = ended.get(str(index))
            place, shown = command.place, command.text.split("\n")[0]
            if status is None:
                yield f"{place}: `{shown}` did not end, or was not reached"
                return
            if status != 0:
                yield f"{place}: `{shown}` ended with {status}: {self.said('err', index)} {self.said('out', index)}"
            elif command.output is not None:
                pattern = r"[\s\S]*".join(map(re.escape, command.output.split("…")))
                printed = self.said("out", index, 100_000)
                if not re.fullmatch(pattern, printed.strip()):
                    yield f"{place}: `{shown}` printed something else: {printed}"
        if ended.get("end") != 0:
            yield f"{self.commands[0].place}: a server of this block ended with {ended.get('end')}"

    def said(self, stream, index, most=600):
        path = self.folder / f"{stream}.{index}"
        return path.read_text(errors="replace").strip()[:most] if path.exists() else ""


def sessions(eskiz, commands):
    """Stories whole; of everything else each block, and the spans of a document together."""
    groups = {}
    for command in commands:
        is_story = command.file in STORIES
        file = "the help" if command.file.startswith("eskiz ") else command.file
        groups.setdefault((file, 0 if is_story else command.block), []).append(command)
    for (file, _), group in groups.items():
        is_story = file in STORIES
        starts_simulator = any("eskiz simulate" in command.text for command in group if command.block)
        yield Session(eskiz, group, is_story, is_story or not starts_simulator)


def ports_are_free():
    for port in (8080, 9080, 8099):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise SystemExit(f"Something listens on port {port}, which the documents use.") from None


# A document, and the lines of it that must be found.
WRONG = """
```sh
eskiz segments Salom
eskiz segmets Salom    # no such verb
```
`eskiz keys add` is fine, `eskiz kyes add` is not, nor is `make nothing-of-the-kind`.
Nor `scripts/nothing-of-the-kind`, though `scripts/documents` is.
[Nothing](nothing.md#at-all)
```
eskiz token
```
```text
eskiz token
```
```console
$ echo one two
one …
$ echo three
four
```
```sh
eskiz simulate &
curl http://127.0.0.1:9080/_simulator/nothing-of-the-kind
```
```sh
ESKIZ_LISTEN=nonsense eskiz serve &
```
```nginx
server { listen 443 ssl; no_such_word on; }
```
```yaml
scrape_configs: [{no_such_word: 1}]
```
"""
FOUND = {4, 6, 7, 8, 9, 13, 18, 23, 26, 28, 31}


def try_itself(eskiz, verbs):
    """Whether wrong commands are found, and no others."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "wrong.md")
        path.write_text(WRONG, encoding="utf-8")
        documents = Documents([path])
        findings = list(documents.findings)
        for session in sessions(eskiz, documents.commands):
            findings += session.run(verbs)
    lines = {int(finding.split(":")[1]) for finding in findings}
    if lines != FOUND:
        raise SystemExit("The check of the documents does not find what it should:\n" + "\n".join(findings))


def main():
    eskiz, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    paths = [pathlib.Path(name).resolve() for name in names]
    if not paths:
        paths = sorted({path for pattern in DOCUMENTS for path in ROOT.glob(pattern)})
    ports_are_free()
    documents, table, verbs = Documents(paths), Table(HERE / "not-run.txt"), Verbs(eskiz)
    try_itself(eskiz, verbs)
    findings = list(documents.findings)
    original = {command.text for command in documents.commands if not TRANSLATIONS.search(command.file)}
    chosen, excused, same = [], 0, 0
    if not names:
        documents.commands += verbs.examples()
    for command in documents.commands:
        if TRANSLATIONS.search(command.file) and command.text in original:
            same += 1
        elif table.has(command):
            excused += 1
        else:
            chosen.append(command)
    for session in sessions(eskiz, chosen):
        findings += session.run(verbs)
    if not names:
        findings += table.unused()
    for finding in findings:
        print(finding, file=sys.stderr)
    if findings:
        raise SystemExit(f"Broken: what the documents show works ({len(findings)} findings).")
    print(
        f"{len(chosen)} commands of {len(paths)} documents were run, {excused} stand in not-run.txt, "
        f"{same} are the same in another language."
    )


main()
