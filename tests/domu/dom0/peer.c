/* SPDX-License-Identifier: BSD-2-Clause */
/* A dom0 that misbehaves: writes words into a page of a domain, or rings one of its ports from the other end's side.

   peer write DOMID PFN OFFSET WORD...    32-bit words, each a number as strtoul has it
   peer read DOMID PFN OFFSET             shows such a word
   peer grant DOMID GREF OFFSET WORD...   the same into a page that the domain granted to dom0
   peer send DOMID PORT TIMES             events for that port of the domain
   peer unpause DOMID                     as xl does, without asking xenstored for anything */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Linux's include/uapi/xen/privcmd.h, which includes a header that no package has. */
struct privcmd_hypercall {
    uint64_t op, arg[5];
};
struct privcmd_mmapbatch_v2 {
    unsigned int num;
    uint16_t dom;
    uint64_t addr;
    const uint64_t *arr;
    int *err;
};
/* include/uapi/xen/gntdev.h */
struct gntdev_map {
    uint32_t count, pad;
    uint64_t index;
    uint32_t domain, gref;
};
#define GNTDEV_MAP        _IOC(_IOC_NONE, 'G', 0, sizeof(struct gntdev_map))
#define PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))
#define PRIVCMD_MAP       _IOC(_IOC_NONE, 'P', 4, sizeof(struct privcmd_mmapbatch_v2))

/* xen.h and event_channel.h */
enum { DOMCTL = 36, UNPAUSE = 4, VERSIONS = 256 };
enum { EVENT_CHANNEL_OP = 32, OP_SEND = 4, OP_STATUS = 5, STATUS_INTERDOMAIN = 2, PAGE = 4096 };
struct status {
    uint16_t dom;
    uint32_t port, status, vcpu;
    uint16_t peer_dom;
    uint32_t peer_port;
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
    exit(1);
}

static unsigned long number(const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 0);

    if (*text == '\0' || *end != '\0') {
        errno = EINVAL;
        fail(text);
    }
    return value;
}

static int open_device(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        fail(path);
    return fd;
}

static void put_words(volatile uint32_t *page, unsigned long offset, char **word)
{
    for (offset /= 4; *word && offset < PAGE / 4; word++)
        page[offset++] = (uint32_t)number(*word);
}

static volatile uint32_t *map_page(int domain, uint64_t pfn)
{
    int fd = open_device("/dev/xen/privcmd"), error = 0;
    volatile uint32_t *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    struct privcmd_mmapbatch_v2 map = { 1, (uint16_t)domain, (uint64_t)(uintptr_t)page, &pfn, &error };

    if (page == MAP_FAILED || ioctl(fd, PRIVCMD_MAP, &map) < 0 || error != 0)
        fail("the page");
    return page;
}

static void write_granted(int domain, uint32_t gref, unsigned long offset, char **word)
{
    int fd = open_device("/dev/xen/gntdev");
    struct gntdev_map map = { 1, 0, 0, (uint32_t)domain, gref };
    volatile uint32_t *page;

    if (ioctl(fd, GNTDEV_MAP, &map) != 0)
        fail("the grant");
    page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)map.index);
    if (page == MAP_FAILED)
        fail("the granted page");
    put_words(page, offset, word);
}

static void send(int domain, unsigned port, unsigned long times)
{
    int fd = open_device("/dev/xen/privcmd"), buffers = open_device("/dev/xen/hypercall");
    void *memory = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, buffers, 0);
    struct privcmd_hypercall call = { EVENT_CHANNEL_OP, { OP_STATUS, (uint64_t)(uintptr_t)memory } };
    struct status *status = memory;
    uint32_t *our_port = memory;

    if (memory == MAP_FAILED)
        fail("memory for hypercalls");
    *status = (struct status){ .dom = (uint16_t)domain, .port = port };
    if (ioctl(fd, PRIVCMD_HYPERCALL, &call) != 0 || status->status != STATUS_INTERDOMAIN)
        fail("the port");
    *our_port = status->peer_port;
    call.arg[0] = OP_SEND;
    while (times-- > 0)
        if (ioctl(fd, PRIVCMD_HYPERCALL, &call) != 0)
            fail("sending");
}

/* domctl.h; which version of the interface this Xen wants is found by asking. */
static void unpause(int domain)
{
    int fd = open_device("/dev/xen/privcmd"), buffers = open_device("/dev/xen/hypercall");
    uint32_t *domctl = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, buffers, 0);
    struct privcmd_hypercall call = { DOMCTL, { (uint64_t)(uintptr_t)domctl } };

    if (domctl == MAP_FAILED)
        fail("memory for hypercalls");
    for (uint32_t version = 0; version < VERSIONS; version++) {
        domctl[0] = UNPAUSE;
        domctl[1] = version;
        domctl[2] = (uint32_t)domain;
        if (ioctl(fd, PRIVCMD_HYPERCALL, &call) == 0)
            return;
    }
    fail("unpausing");
}

int main(int argc, char **argv)
{
    if (argc >= 6 && strcmp(argv[1], "write") == 0)
        put_words(map_page((int)number(argv[2]), number(argv[3])), number(argv[4]), argv + 5);
    else if (argc == 5 && strcmp(argv[1], "read") == 0)
        printf("%u\n", map_page((int)number(argv[2]), number(argv[3]))[number(argv[4]) % PAGE / 4]);
    else if (argc >= 6 && strcmp(argv[1], "grant") == 0)
        write_granted((int)number(argv[2]), (uint32_t)number(argv[3]), number(argv[4]), argv + 5);
    else if (argc == 5 && strcmp(argv[1], "send") == 0)
        send((int)number(argv[2]), (unsigned)number(argv[3]), number(argv[4]));
    else if (argc == 3 && strcmp(argv[1], "unpause") == 0)
        unpause((int)number(argv[2]));
    else
        return 2;
    return 0;
}
