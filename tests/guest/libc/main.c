/* SPDX-License-Identifier: BSD-2-Clause */
/* What a C library does with the kernel's help beyond wrapping its calls: the same program with musl here and glibc in libc-glibc. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <inttypes.h>
#include <regex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static sigjmp_buf back;

static void jump_back(int signal)
{
    siglongjmp(back, signal);
}

/* Out of a handler, twice: the mask comes back too. */
static void check_jumps(void)
{
    volatile int faults = 0;
    volatile char *volatile nowhere = NULL;

    signal(SIGSEGV, jump_back);
    if (sigsetjmp(back, 1) != 0)
        faults++;
    if (faults < 2)
        *nowhere = 1;
    signal(SIGSEGV, SIG_DFL);
    CHECK_EQ(faults, 2);
}

static void check_streams(void)
{
    FILE *file = tmpfile();
    char *line = NULL, *grown = NULL, text[64];
    size_t size = 0, length = 0;
    int number = 0;
    double real = 0;

    CHECK(file != NULL);
    for (int i = 0; file && i < 3000; i++)
        fprintf(file, "%d %.17g %s\n", i, i / 7.0, i % 2 ? "odd" : "even");
    CHECK(file && fseek(file, -8, SEEK_END) == 0 && getline(&line, &size, file) > 0);
    rewind(file);
    for (int i = 0; i < 3000; i++)
        CHECK(fscanf(file, "%d %lf %63s", &number, &real, text) == 3 && number == i && real == i / 7.0);
    CHECK(ungetc('x', file) == 'x' && fgetc(file) == 'x');
    fclose(file);
    free(line);
    file = open_memstream(&grown, &length);
    fprintf(file, "%08.3f|%-6s|%+d|%#x|%a|%" PRIu64, 3.14159, "ab", 7, 255, 0.5, UINT64_MAX);
    fclose(file);
    puts(grown);
    CHECK_EQ(length, strlen(grown));
    free(grown);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

static int entries;

static int count_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)path;
    (void)st;
    entries += type == FTW_D ? 100 : at->level;
    return 0;
}

static void check_trees(void)
{
    char folder[] = "/tmp/anchorite-XXXXXX", pattern[64], *here = getcwd(NULL, 0), resolved[4096];
    glob_t found = { 0 };
    DIR *dir;
    int names = 0;

    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0 && mkdir("sub", 0700) == 0);
    for (int i = 0; i < 20; i++) {
        snprintf(pattern, sizeof pattern, "%sfile-%02d", i % 4 ? "" : "sub/", i);
        close(open(pattern, O_CREAT | O_EXCL | O_WRONLY, 0600));
    }
    CHECK(glob("*/file-?[02468]", 0, NULL, &found) == 0 && found.gl_pathc == 5);
    CHECK(found.gl_pathc > 1 && strcmp(found.gl_pathv[1], "sub/file-04") == 0);
    globfree(&found);
    CHECK(nftw(".", count_entry, 4, FTW_PHYS) == 0);
    CHECK_EQ(entries, 200 + 15 + 10);
    CHECK(realpath("sub/../sub/./file-00", resolved) && strcmp(resolved + strlen(folder), "/sub/file-00") == 0);
    dir = opendir("sub");
    while (dir && readdir(dir))
        names++;
    CHECK_EQ(names, 7);
    closedir(dir);
    for (int i = 0; i < 20; i++) {
        snprintf(pattern, sizeof pattern, "%sfile-%02d", i % 4 ? "" : "sub/", i);
        CHECK_EQ(remove(pattern), 0);
    }
    CHECK(rmdir("sub") == 0 && chdir(here) == 0 && rmdir(folder) == 0);
    free(here);
}

static int compare(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void check_memory(void)
{
    enum { COUNT = 60000 };
    int *numbers = malloc(COUNT * sizeof(int)), key = 12345;
    void *aligned = NULL, *blocks[64] = { 0 };

    for (int i = 0; i < COUNT; i++)
        numbers[i] = (int)((long)i * 7919 % COUNT);
    qsort(numbers, COUNT, sizeof(int), compare);
    CHECK(bsearch(&key, numbers, COUNT, sizeof(int), compare) == &numbers[key]);
    CHECK(posix_memalign(&aligned, 65536, 100) == 0 && (uintptr_t)aligned % 65536 == 0);
    for (int round = 0; round < 20; round++)
        for (int i = 0; i < 64; i++) {
            blocks[i] = realloc(blocks[i], (size_t)(i + 1) * 977 * (size_t)(round % 5 + 1));
            CHECK(blocks[i] != NULL);
        }
    for (int i = 0; i < 64; i++)
        free(blocks[i]);
    free(aligned);
    free(numbers);
    CHECK(malloc((size_t)1 << 60) == NULL && errno == ENOMEM);
}

static void check_texts(void)
{
    regex_t pattern;
    regmatch_t match[3];
    struct tm when = { .tm_year = 126, .tm_mon = 1, .tm_mday = 29, .tm_isdst = -1 };
    char text[64], *end;

    CHECK(regcomp(&pattern, "([a-z]+)=([0-9]+)$", REG_EXTENDED) == 0);
    CHECK(regexec(&pattern, "the key=42", 3, match, 0) == 0 && match[2].rm_so == 8);
    regfree(&pattern);
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    mktime(&when);
    strftime(text, sizeof text, "%F %T %Z %j", &when);
    puts(text);
    when = *localtime(&(time_t){ 1785585600 });
    strftime(text, sizeof text, "%c %z", &when);
    puts(text);
    CHECK(strtod("0x1.8p3tail", &end) == 12 && strcmp(end, "tail") == 0);
    puts(strerror(ENOENT));
}

static void at_end(void)
{
    puts("at the end");
}

int main(void)
{
    atexit(at_end);
    check_jumps();
    check_streams();
    check_trees();
    check_memory();
    check_texts();
    return check_done();
}
