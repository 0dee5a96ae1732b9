/* SPDX-License-Identifier: BSD-2-Clause */
/* What `make run` shows: an ordinary static program, built by a stock compiler, that says where it runs. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* Before this year a clock was never set. */
#define YEAR_KNOWN 2024

static void say_where(void)
{
    struct utsname name;

    if (uname(&name) == 0)
        printf("  on         %s %s, %s\n", name.sysname, name.release, name.machine);
    if (uname(&name) == 0)
        printf("  kernel     %s\n", name.version);
}

static void say_memory(void)
{
    struct sysinfo info;

    if (sysinfo(&info) == 0)
        printf("  memory     %lu KiB, %lu KiB free\n", info.totalram * info.mem_unit / 1024,
               info.freeram * info.mem_unit / 1024);
}

static void say_processors(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) == 0)
        printf("  processors %d\n", CPU_COUNT(&set));
}

static void say_time(void)
{
    time_t now = time(NULL);
    struct tm date;
    char text[64];

    if (gmtime_r(&now, &date) && date.tm_year + 1900 >= YEAR_KNOWN && strftime(text, sizeof text, "%F %T", &date) > 0)
        printf("  date       %s UTC\n", text);
}

int main(int argc, char **argv)
{
    puts("Hello! I am a static Linux program, alone in ring 3.");
    say_where();
    say_memory();
    say_processors();
    say_time();
    printf("  I am       %s, process %d\n", argv[0], (int)getpid());
    for (int i = 1; i < argc; i++)
        printf("  argument   %d is \"%s\"\n", i, argv[i]);
    if (argc == 1)
        puts("Run your own: make run APP=path/to/program ARGS='...'");
    return 0;
}
