/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread writes to a page all the time; another one takes the page away, or its rights, and uses what it gets instead. No store may
   land behind the call that ended the mapping: not in the page that is read only now, and not in another page that got its memory. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096

enum { ROUNDS = 40, LOOKS = 400, PAGES = 8 };

static volatile unsigned long *page;
static atomic_bool is_writable, is_over;
static atomic_uint faults, stores;
static unsigned wrong;

static void wait_for_page(int number)
{
    (void)number;
    atomic_fetch_add(&faults, 1);
    while (!atomic_load(&is_writable))
        sched_yield();
}

static void *write_always(void *arg)
{
    for (unsigned long n = 1; !atomic_load(&is_over); n++) {
        page[n % (PAGE / sizeof(*page))] = n;
        atomic_fetch_add_explicit(&stores, 1, memory_order_relaxed);
    }
    return arg;
}

static void map_page(void)
{
    if (mmap((void *)page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
        (void *)page)
        puts("no page at the same place");
}

/* The writer has come so far again. */
static void let_write(void)
{
    unsigned before = atomic_load(&stores);

    atomic_store(&is_writable, true);
    while (atomic_load(&stores) - before < 100)
        sched_yield();
    atomic_store(&is_writable, false);
}

static void check_same(const volatile unsigned char *memory, const unsigned char *content, unsigned long size)
{
    for (unsigned long i = 0; i < LOOKS * 1024 / size; i++)
        for (unsigned long k = 0; k < size; k += 8)
            if (memory[k] != content[k]) {
                wrong++;
                return;
            }
}

static void take_rights(void)
{
    unsigned char content[PAGE];

    mprotect((void *)page, PAGE, PROT_READ);
    memcpy(content, (void *)page, PAGE);
    check_same((unsigned char *)page, content, PAGE);
    mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE);
}

/* What was freed first is what is given first. */
static void take_page(void)
{
    static const unsigned char zeros[PAGES * PAGE];
    unsigned char *other;

    munmap((void *)page, PAGE);
    other = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    check_same(other, zeros, PAGES * PAGE);
    map_page();
    munmap(other, PAGES * PAGE);
}

int main(void)
{
    struct sigaction action = { .sa_handler = wait_for_page };
    pthread_t writer;

    page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigaction(SIGSEGV, &action, 0);
    if (pthread_create(&writer, 0, write_always, 0))
        return 1;
    for (int i = 0; i < ROUNDS; i++) {
        let_write();
        take_rights();
        let_write();
        take_page();
    }
    atomic_store(&is_over, true);
    atomic_store(&is_writable, true);
    pthread_join(writer, 0);
    printf("%s\n", wrong == 0 ? "all as it should be" : "a store landed behind the call");
    return 0;
}
