/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define MARK 0x2badbeef

/* A link and, behind it, the word of a mutex. */
struct entry {
    struct robust_list list;
    uint32_t word, behind;
};

static struct entry entry[4];
static struct robust_list_head head;

static void *end_with(void *arg)
{
    uint32_t id = (uint32_t)syscall(SYS_gettid);

    for (int i = 0; i < 4; i++) {
        entry[i].word = i == 3 ? id + 1 : id | (i == 1 ? FUTEX_WAITERS : 0);
        entry[i].behind = MARK;
    }
    CHECK_ERRNO(syscall(SYS_set_robust_list, arg, sizeof head - 1), EINVAL);
    CHECK_EQ(syscall(SYS_set_robust_list, arg, sizeof head), 0);
    return (void *)(uintptr_t)id;
}

/* The id of the thread that ended with this list. */
static uint32_t end_thread(void *list)
{
    pthread_t thread;
    void *id;

    CHECK_EQ(pthread_create(&thread, 0, end_with, list), 0);
    CHECK_EQ(pthread_join(thread, &id), 0);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(entry[i].behind, MARK);
    return (uint32_t)(uintptr_t)id;
}

/* Whose list is asked for is said in 32 bits, where 0 means the caller. */
static void ask(void)
{
    struct robust_list_head *own = 0, *same = 0;
    size_t size = 0;

    CHECK_EQ(syscall(SYS_get_robust_list, 0, &own, &size), 0);
    CHECK_EQ(size, sizeof head);
    CHECK_EQ(syscall(SYS_get_robust_list, 0x100000000, &same, &size), 0);
    CHECK_EQ(same, own);
    CHECK_ERRNO(syscall(SYS_get_robust_list, -1, &own, &size), ESRCH);
}

int main(void)
{
    void *nowhere = (void *)0xffff800000000000;
    uint32_t id;

    ask();
    head.futex_offset = sizeof(struct robust_list);
    /* a ring that the head is no part of */
    for (int i = 0; i < 4; i++)
        entry[i].list.next = &entry[(i + 1) % 4].list;
    head.list.next = &entry[0].list;
    id = end_thread(&head);
    CHECK_EQ(entry[0].word, FUTEX_OWNER_DIED);
    CHECK_EQ(entry[1].word, FUTEX_OWNER_DIED | FUTEX_WAITERS);
    CHECK_EQ(entry[3].word, id + 1);
    /* a link into nothing: the words before it are done */
    entry[1].list.next = nowhere;
    id = end_thread(&head);
    CHECK_EQ(entry[0].word, FUTEX_OWNER_DIED);
    CHECK_EQ(entry[2].word, id);
    /* only one that was about to be taken */
    head.list.next = &head.list;
    head.list_op_pending = &entry[2].list;
    id = end_thread(&head);
    CHECK_EQ(entry[0].word, id);
    CHECK_EQ(entry[2].word, FUTEX_OWNER_DIED);
    id = end_thread(nowhere);
    CHECK_EQ(entry[2].word, id);
    return check_done();
}
