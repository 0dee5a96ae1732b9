/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake/xenstored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 64, WATCHES = 64, TEXT = 256, QUEUE = 1 << 18 };

struct fake_xenstored fake_xenstored;

static struct {
    struct {
        char path[TEXT], value[TEXT];
        bool is_there;
    } key[KEYS];
    struct {
        char path[TEXT], token[TEXT];
        bool is_there;
    } watch[WATCHES];
    uint32_t transactions;
    uint8_t in[16 + 4096];
    size_t in_size;
    uint8_t out[QUEUE];
    size_t out_size;
} store;

void fake_xenstored_start(struct xenstore_domain_interface *page, uint32_t request_index, uint32_t reply_index)
{
    memset(&store, 0, sizeof(store));
    memset(&fake_xenstored, 0, sizeof(fake_xenstored));
    fake_xenstored.page = page;
    page->req_prod = page->req_cons = request_index;
    page->rsp_prod = page->rsp_cons = reply_index;
}

void fake_xenstored_say_bytes(const void *bytes, size_t size)
{
    if (store.out_size + size > QUEUE)
        abort();
    memcpy(store.out + store.out_size, bytes, size);
    store.out_size += size;
}

static void say(uint32_t type, uint32_t req_id, uint32_t tx_id, const void *body, uint32_t length)
{
    struct xsd_sockmsg head = { type, req_id, tx_id, length };
    static char copy[8192];

    memcpy(copy, body, length);
    if (fake_xenstored.lie)
        fake_xenstored.lie(&head, copy);
    if (head.len == 0xffffffff)
        return;
    fake_xenstored_say_bytes(&head, sizeof(head));
    fake_xenstored_say_bytes(copy, head.len < sizeof(copy) ? head.len : sizeof(copy));
}

void fake_xenstored_say(uint32_t type, uint32_t req_id, const void *body, uint32_t length)
{
    struct xsd_sockmsg head = { type, req_id, 0, length };

    fake_xenstored_say_bytes(&head, sizeof(head));
    fake_xenstored_say_bytes(body, length);
}

/* The path without our home before it. */
static const char *short_path(const char *path)
{
    return strncmp(path, FAKE_HOME, strlen(FAKE_HOME)) == 0 ? path + strlen(FAKE_HOME) : path;
}

/* Is the path that one, or below it? */
static bool is_below(const char *path, const char *top)
{
    size_t size = strlen(top);

    return strncmp(path, top, size) == 0 && (path[size] == 0 || path[size] == '/');
}

static int find(const char *path)
{
    for (int i = 0; i < KEYS; i++)
        if (store.key[i].is_there && strcmp(store.key[i].path, path) == 0)
            return i;
    return -1;
}

const char *fake_xenstored_get(const char *path)
{
    int i = find(short_path(path));

    return i < 0 ? NULL : store.key[i].value;
}

static void say_event(const char *path, const char *token)
{
    char body[2 * TEXT];
    int size = snprintf(body, sizeof(body), "%s%c%s", path, 0, token);

    say(XS_WATCH_EVENT, 0, 0, body, (uint32_t)size + 1);
}

static void fire(const char *path)
{
    for (int i = 0; i < WATCHES; i++)
        if (store.watch[i].is_there && is_below(path, store.watch[i].path))
            say_event(path, store.watch[i].token);
}

void fake_xenstored_set(const char *path, const char *value)
{
    path = short_path(path);
    for (int i = 0; i < KEYS && !value; i++)
        if (store.key[i].is_there && is_below(store.key[i].path, path))
            store.key[i].is_there = false;
    if (value) {
        int i = find(path);

        for (int k = 0; k < KEYS && i < 0; k++)
            i = store.key[k].is_there ? -1 : k;
        if (i < 0)
            abort();
        store.key[i].is_there = true;
        snprintf(store.key[i].path, TEXT, "%s", path);
        snprintf(store.key[i].value, TEXT, "%s", value);
    }
    fire(path);
}

static void say_error(const struct xsd_sockmsg *head, const char *name)
{
    say(XS_ERROR, head->req_id, head->tx_id, name, (uint32_t)strlen(name) + 1);
}

static void say_good(const struct xsd_sockmsg *head)
{
    say(head->type, head->req_id, head->tx_id, "OK", 3);
}

static void list(const struct xsd_sockmsg *head, const char *path)
{
    char body[4096];
    uint32_t size = 0;

    for (int i = 0; i < KEYS; i++)
        if (store.key[i].is_there && is_below(store.key[i].path, path) && store.key[i].path[strlen(path)] == '/' &&
            !strchr(store.key[i].path + strlen(path) + 1, '/'))
            size += (uint32_t)sprintf(body + size, "%s", store.key[i].path + strlen(path) + 1) + 1;
    if (size == 0 && find(path) < 0)
        say_error(head, "ENOENT");
    else
        say(head->type, head->req_id, head->tx_id, body, size);
}

static void change_watch(const struct xsd_sockmsg *head, const char *path, const char *token)
{
    int free = -1, found = -1;

    for (int i = 0; i < WATCHES; i++) {
        bool is_it = strcmp(store.watch[i].path, path) == 0 && strcmp(store.watch[i].token, token) == 0;

        free = store.watch[i].is_there ? free : i;
        found = store.watch[i].is_there && is_it ? i : found;
    }
    if (head->type == XS_UNWATCH) {
        if (found < 0)
            return say_error(head, "ENOENT");
        store.watch[found].is_there = false;
        return say_good(head);
    }
    if (found >= 0 || free < 0)
        return say_error(head, "EEXIST");
    store.watch[free].is_there = true;
    snprintf(store.watch[free].path, TEXT, "%s", path);
    snprintf(store.watch[free].token, TEXT, "%s", token);
    say_good(head);
    say_event(path, token);
}

static void end_transaction(const struct xsd_sockmsg *head, const char *body)
{
    if (strcmp(body, "T") == 0 && fake_xenstored.conflicts > 0) {
        fake_xenstored.conflicts--;
        return say_error(head, "EAGAIN");
    }
    say_good(head);
}

static void answer(const struct xsd_sockmsg *head, char *body)
{
    const char *path = short_path(body), *value = fake_xenstored_get(body);
    char text[16];

    switch (head->type) {
    case XS_READ:
        return value ? say(XS_READ, head->req_id, head->tx_id, value, (uint32_t)strlen(value))
                     : say_error(head, "ENOENT");
    case XS_WRITE:
        fake_xenstored_set(path, body + strlen(body) + 1);
        return say_good(head);
    case XS_MKDIR:
        if (!value)
            fake_xenstored_set(path, "");
        return say_good(head);
    case XS_RM:
        fake_xenstored_set(path, NULL);
        return say_good(head);
    case XS_DIRECTORY:
        return list(head, path);
    case XS_WATCH:
    case XS_UNWATCH:
        return change_watch(head, path, body + strlen(body) + 1);
    case XS_TRANSACTION_START:
        sprintf(text, "%u", ++store.transactions);
        return say(head->type, head->req_id, 0, text, (uint32_t)strlen(text) + 1);
    case XS_TRANSACTION_END:
        return end_transaction(head, body);
    default:
        return say_error(head, "ENOSYS");
    }
}

static void take_requests(void)
{
    struct xenstore_domain_interface *page = fake_xenstored.page;
    struct xsd_sockmsg head;

    while (page->req_cons != page->req_prod) {
        store.in[store.in_size++] = (uint8_t)page->req[page->req_cons++ % XENSTORE_RING_SIZE];
        memcpy(&head, store.in, sizeof(head));
        if (store.in_size < 16 || (head.len <= 4096 && store.in_size < 16 + head.len))
            continue;
        if (head.len > 4096)
            abort();
        memset(fake_xenstored.said, 0, sizeof(fake_xenstored.said));
        memcpy(fake_xenstored.said, store.in + 16, head.len);
        fake_xenstored.head = head;
        fake_xenstored.requests++;
        store.in_size = 0;
        answer(&head, fake_xenstored.said);
    }
}

void fake_xenstored_step(void)
{
    struct xenstore_domain_interface *page = fake_xenstored.page;
    size_t said = 0;

    if (fake_xenstored.is_stopped)
        return;
    take_requests();
    while (said < store.out_size && page->rsp_prod - page->rsp_cons < XENSTORE_RING_SIZE)
        page->rsp[page->rsp_prod++ % XENSTORE_RING_SIZE] = (char)store.out[said++];
    store.out_size -= said;
    memmove(store.out, store.out + said, store.out_size);
}
