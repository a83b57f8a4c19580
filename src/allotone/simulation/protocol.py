"""C++ by which a binary serves runs: it reads the folder of one after another, and a child of its own runs each.

A run's folder holds `request`, doubles: the number of its layout, every argument in the manifest's order, then every
array. The child prints into `printed`, says its time in `progress` where that file is there, and leaves `answer`: the
number of blocks and the bytes of each as 64-bit integers, then the blocks, each filled up to a multiple of eight bytes.
The contacts that were drawn are among them where there is a file `contacts`.
"""

import zlib
from dataclasses import dataclass

HEADERS = ["<cerrno>", "<csignal>", "<cstdint>", "<cstdio>", "<cstdlib>", "<cstring>", "<ctime>",
           "<fcntl.h>", "<poll.h>", "<sys/socket.h>", "<sys/wait.h>", "<unistd.h>"]  # fmt: skip
# These stand in the folder of a run.
REQUEST, ANSWER, PRINTED, PROGRESS, CONTACTS = "request", "answer", "printed", "progress", "contacts"
# Blocks of the answer: what was used of the request, as the run had it; seconds of its loop and bytes of memory; the rest.
USED, PRICE, FIRST_BLOCK = 0, 1, 2

# All of the texts stand in one function, the program's `main`, and share its variables.
SERVE = f"""
struct {{ char folder[4096]; bool contacts; double loop_seconds, memory_bytes; struct timespec begin, end; }} allotone = {{}};
for (;;) {{
    if (!fgets(allotone.folder, sizeof allotone.folder, stdin)) return 0;
    allotone.folder[strcspn(allotone.folder, "\\n")] = 0;
    // Each side keeps one end, and the end of the other hangs up when it has gone, in whatever way.
    int line[2];
    const pid_t child = socketpair(AF_UNIX, SOCK_STREAM, 0, line) == 0 ? fork() : -1;
    if (child < 0) {{ perror("no process for a run"); return 1; }}
    if (child == 0) {{
        char path[sizeof allotone.folder + 16];
        snprintf(path, sizeof path, "%s/{PRINTED}", allotone.folder);
        const int printed = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
        if (printed < 0) {{ perror(path); _exit(1); }}
        dup2(printed, 1);
        dup2(printed, 2);
        dup2(line[1], 0);
        signal(SIGINT, SIG_DFL);  // Whoever is in the background ignores it, and so would a run.
        close(line[0]);
        close(line[1]);
        break;
    }}
    close(line[1]);
    struct pollfd ends[2] = {{{{0, 0, 0}}, {{line[0], 0, 0}}}};
    while (poll(ends, 2, -1) < 0 && errno == EINTR);
    if (!ends[1].revents) kill(child, SIGKILL);  // The caller has gone.
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR);
    close(line[0]);
    printf("%d\\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    fflush(stdout);
}}
"""

# Not before: what the program loads at its start lies in the folder in which it was started.
ENTER = f"""
if (chdir(allotone.folder) != 0) {{ perror(allotone.folder); exit(1); }}
allotone.contacts = access("{CONTACTS}", F_OK) == 0;
"""

BEGIN_LOOP = """
if (FILE *file = fopen("/proc/self/statm", "r")) {
    long pages = 0;
    if (fscanf(file, "%*s %ld", &pages) == 1) allotone.memory_bytes = (double) pages*sysconf(_SC_PAGESIZE);
    fclose(file);
}
clock_gettime(CLOCK_MONOTONIC, &allotone.begin);
"""

END_LOOP = """
clock_gettime(CLOCK_MONOTONIC, &allotone.end);
allotone.loop_seconds = (double) (allotone.end.tv_sec - allotone.begin.tv_sec)
                        + 1e-9*(double) (allotone.end.tv_nsec - allotone.begin.tv_nsec);
"""

# Body of a C++ function of the time `t`, called now and then while the simulation runs.
REPORT = f"""
    static const int file = open("{PROGRESS}", O_WRONLY);
    // The server has gone: nobody would read the answer.
    struct pollfd server = {{0, 0, 0}};
    if (poll(&server, 1, 0) > 0) _exit(1);
    if (file >= 0 && pwrite(file, &t, sizeof t, 0) < 0) perror("{PROGRESS}");
    return t;
"""


@dataclass(frozen=True)
class Block:
    """A piece of the answer: C++ of where it begins, and of its bytes; that of contacts is empty unless asked for."""

    begin: str
    bytes: str
    of_contacts: bool = False


def layout_number(arguments: list[str], arrays: list) -> int:
    """By which a binary knows a request in its own order; `arrays` are names with sizes."""
    return zlib.crc32(" ".join([*arguments, *(f"{name} {size}" for name, size in arrays)]).encode())


def read_request(targets: list[tuple[str, int]], layout: int) -> str:
    """C++ that takes the values of a run: `targets` are arrays with their sizes, in the order of the request."""
    size = 1 + sum(count for _, count in targets)
    return "\n".join(
        [
            "{",
            f"static double request[{size + 1}];",
            f'FILE *file = fopen("{REQUEST}", "rb");',
            f"if (!file || fread(request, sizeof(double), {size + 1}, file) != {size} || request[0] != {layout}.0) {{",
            'fprintf(stderr, "the request is that of another binary\\n"); exit(1); }',
            "fclose(file);",
            "const double *next = request + 1;",
            *(f"for (int k = 0; k < {count}; k++) {array}[k] = *next++;" for array, count in targets),
            "}",
        ]
    )


def write_answer(targets: list[tuple[str, int]], layout: int, blocks: list[Block]) -> str:
    """C++ that ends the program with its answer: what it used of the request, the price of the run, then `blocks`."""
    size = 1 + sum(count for _, count in targets)
    price = "const double price[] = {allotone.loop_seconds, allotone.memory_bytes};"
    own = [Block("used", "sizeof used"), Block("price", "sizeof price")]
    return "\n".join(
        [
            "{",
            f"static double used[{size}] = {{{layout}.0}};",
            "double *next = used + 1;",
            *(f"for (int k = 0; k < {count}; k++) *next++ = {array}[k];" for array, count in targets),
            price,
            "const struct { const void *begin; int64_t bytes; } blocks[] = {",
            *(
                f"{{{block.begin}, (int64_t) ({block.bytes}){'*allotone.contacts' * block.of_contacts}}},"
                for block in [*own, *blocks]
            ),
            "};",
            "const int64_t number = sizeof blocks/sizeof blocks[0];",
            f'FILE *file = fopen("{ANSWER}", "wb");',
            "bool whole = file && fwrite(&number, sizeof number, 1, file) == 1;",
            "for (const auto &block : blocks)",
            "whole = whole && fwrite(&block.bytes, sizeof block.bytes, 1, file) == 1;",
            "for (const auto &block : blocks)",
            "whole = whole && fwrite(block.begin, 1, block.bytes, file) == (size_t) block.bytes",
            '&& fwrite("\\0\\0\\0\\0\\0\\0\\0", 1, -block.bytes & 7, file) == (size_t) (-block.bytes & 7);',
            f'if (!whole || fclose(file) != 0) {{ perror("{ANSWER}"); exit(1); }}',
            "fflush(NULL);",
            # Nothing of what the program would write or free at its end is needed.
            "_exit(0);",
            "}",
        ]
    )
