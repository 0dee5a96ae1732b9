/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/blkfront.c drivers/blkfront_bus.c drivers/xenstore.c xen/grant_page.c xen/grant.c xen/ring.c xen/id_pool.c
   xen/byte_ring.c xen/xs_msg.c xen/xs_error.c lib/decimal.c lib/format.c lib/log.c tests/unit/fake/xenstored.c
   tests/unit/fake/blkback.c tests/unit/fake/mm.c */
/* Disks with an honest backend, and with one that fills xenstore with nonsense (threats 20, 22), goes away (19) or says nothing
   (13); without memory. */
#include "fake/disk_case.h"

/* ---- Honest backends ---- */

static void check_good(const void *arg)
{
    int slot[BLKFRONT_SLOTS];
    uint32_t pages;

    (void)arg;
    CHECK_EQ(blkfront_count(), 2);
    CHECK(strcmp(blkfront_info(0)->name, "xvda") == 0 && strcmp(blkfront_info(1)->name, "xvdb") == 0);
    CHECK_EQ(blkfront_info(1)->device, 202 << 8 | 16);
    CHECK_EQ(blkfront_open(0), 0);
    CHECK(strcmp(fake_blkback_front_state(&fake_blkback[0]), "4") == 0);
    CHECK_EQ(blkfront_info(0)->sectors, FAKE_BYTES / 512);
    CHECK(!blkfront_info(0)->is_read_only && blkfront_info(0)->can_flush && blkfront_info(0)->can_discard);
    for (uint32_t i = 0; i < BLKFRONT_SLOTS; i++) {
        pages = BLKFRONT_PAGES;
        slot[i] = blkfront_take(0, &pages);
        CHECK(slot[i] >= 0 && pages == BLKFRONT_PAGES);
        for (uint32_t k = 0; k < pages; k++)
            memset(blkfront_page(0, (uint32_t)slot[i], k), (int)i + 1, 4096);
        blkfront_put(0, (uint32_t)slot[i], BLKIF_OP_WRITE, i * 44, 44);
    }
    pages = 1;
    CHECK_EQ(blkfront_take(0, &pages), -EAGAIN);
    fake_blkback[0].per_step = 5;
    for (uint32_t i = BLKFRONT_SLOTS; i-- > 0;)
        CHECK_EQ(finish(0, slot[i]), 0);
    for (uint32_t i = 0; i < BLKFRONT_SLOTS; i++)
        blkfront_give(0, (uint32_t)slot[i]);
    CHECK_EQ(fake_blkback[0].most, 32);
    for (uint32_t i = 0; i < BLKFRONT_SLOTS; i++)
        CHECK_EQ(move(0, BLKIF_OP_READ, i * 44, 44, (uint8_t)(i + 1)), 0);
    CHECK(move(0, BLKIF_OP_FLUSH_DISKCACHE, 0, 0, 0) == 0 && fake_blkback[0].flushes == 1);
    CHECK(move(0, BLKIF_OP_DISCARD, 44, 44, 0) == 0 && move(0, BLKIF_OP_READ, 44, 44, 0) == 0);
    fake_blkback[0].status = BLKIF_RSP_ERROR;
    CHECK_EQ(move(0, BLKIF_OP_READ, 0, 1, 0), -EIO);
    fake_blkback[0].status = BLKIF_RSP_EOPNOTSUPP;
    CHECK_EQ(move(0, BLKIF_OP_READ, 0, 1, 0), -EIO);
    CHECK(move(0, BLKIF_OP_DISCARD, 0, 1, 0) == -EOPNOTSUPP && !blkfront_info(0)->can_discard);
    CHECK(move(0, BLKIF_OP_FLUSH_DISKCACHE, 0, 0, 0) == 0 && !blkfront_info(0)->can_flush);
    CHECK_EQ(line_count, 0);
    check_other();
}

static void check_names(const void *arg)
{
    static const struct {
        const char *key, *name;
        uint32_t device;
    } names[] = { { "51713", "xvda1", 202 << 8 | 1 },
                  { "268439553", "xvdq1", 202 << 8 | 1u << 24 | 1 },
                  { "268442368", "xvdab", 202 << 8 | (27u << 8) << 12 },
                  { "2048", "sda", 8 << 8 },
                  { "833", "hdb1", 3 << 8 | 65 },
                  { "5632", "hdc", 22 << 8 } };

    (void)arg;
    fake_xenstored_set("device/vbd", NULL);
    for (unsigned i = 0; i < 6; i++) {
        char path[64];

        snprintf(path, sizeof(path), "device/vbd/%s", names[i].key);
        fake_xenstored_set(path, "");
    }
    fake_xenstored_set("device/vbd/x", "");
    fake_xenstored_set("device/vbd/4294967295", "");
    fake_xenstored_set("device/vbd/99999999999", "");
    fake_xenstored_set("device/vbd/5", "");
    CHECK_EQ(blkfront_count(), 6);
    CHECK_EQ(line_count, 4);
    for (unsigned i = 0; i < blkfront_count(); i++) {
        CHECK(strcmp(blkfront_info(i)->name, names[i].name) == 0);
        CHECK_EQ(blkfront_info(i)->device, names[i].device);
    }
    /* Without a backend there is no disk. */
    CHECK_EQ(blkfront_open(0), -ENXIO);
}

static void check_many(const void *arg)
{
    (void)arg;
    for (unsigned i = 2; i < 12; i++) {
        char path[64];

        snprintf(path, sizeof(path), "device/vbd/%u", XVDA + 16 * i);
        fake_xenstored_set(path, "");
    }
    CHECK_EQ(blkfront_count(), BLKFRONT_DISKS);
    CHECK_EQ(line_count, 4);
    check_other();
}

/* ---- Nonsense in xenstore ---- */

struct nonsense {
    const char *key, *value;
    int error;
    const char *says;
};

static const struct nonsense nonsense[] = {
    { "sectors", "0", -EIO, "sectors is 0" },
    { "sectors", "-1", -EIO, "sectors is no number" },
    { "sectors", "99999999999999999999", -EIO, "sectors is no number" },
    { "sectors", "18014398509481985", -EIO, "sectors is no number" },
    { "sectors", "", -EIO, "sectors is no number" },
    { "sectors", NULL, -EIO, "sectors cannot be read" },
    { "sectors", "\033[2J", -EIO, "sectors is no number" },
    { "sector-size", "0", -EIO, "sector-size is 0" },
    { "sector-size", "511", -EIO, "sector-size is 511" },
    { "sector-size", "1536", -EIO, "sector-size is 1536" },
    { "sector-size", "8192", -EIO, "sector-size is no number" },
    { "sector-size", "0512", -EIO, "sector-size is no number" },
    { "sector-size", NULL, -EIO, "sector-size cannot be read" },
    { "info", "8", -EIO, "info is no number" },
    { "info", "x", -EIO, "info is no number" },
    { "feature-flush-cache", "2", -EIO, "feature-flush-cache is no number" },
    { "feature-discard", "yes", -EIO, "feature-discard is no number" },
    { "state", "9", -EIO, "state is no number" },
    { "state", "two", -EIO, "state is no number" },
    { "state", "4", -EIO, "state 4 comes at a wrong time" },
    { "state", "7", -EIO, "state 7 comes at a wrong time" },
    { "state", "1", -ETIMEDOUT, "stays in state 1" },
    { "state", NULL, -ETIMEDOUT, "stays in state 0" },
    { "state", "5", -ENXIO, NULL },
    { "state", "6", -ENXIO, NULL },
};

static void check_nonsense(const void *arg)
{
    const struct nonsense *each = arg;
    uint64_t frames = fake_frames_used();

    fake_blkback_set(&fake_blkback[0], each->key, each->value);
    CHECK_EQ(blkfront_count(), 2);
    CHECK_EQ(blkfront_open(0), each->error);
    CHECK_EQ(line_count, each->says != NULL);
    if (each->says && !CHECK(strstr(lines, "xvda: backend 0: ") && strstr(lines, each->says)))
        printf("%s=%s says: %s\n", each->key, each->value ? each->value : "(none)", lines);
    CHECK(!strchr(lines, '\033'));
    settle();
    CHECK(strcmp(fake_blkback_front_state(&fake_blkback[0]), "6") == 0);
    fake_blkback_unmap();
    settle();
    CHECK_EQ(fake_ports, 0);
    CHECK_EQ(fake_frames_used(), frames + 2); /* what is known of the disks */
    if (each->error == -EIO)
        CHECK_EQ(blkfront_open(0), -EIO);
    CHECK_EQ(line_count, each->says != NULL);
    check_other();
}

static void check_front_nonsense(const void *arg)
{
    static const char *const wrong[][2] = {
        { "backend-id", "32752" }, { "backend-id", "-1" }, { "backend", "x" }, { "backend", "" }
    };
    const char *const *each = wrong[*(const unsigned *)arg];
    char path[64];

    snprintf(path, sizeof(path), "device/vbd/%u/%s", XVDA, each[0]);
    fake_xenstored_set(path, each[1]);
    CHECK_EQ(blkfront_count(), 2);
    CHECK_EQ(blkfront_open(0), -EIO);
    CHECK(line_count == 1 && strstr(lines, "xvda: ") && strstr(lines, "backend-id or backend is nonsense"));
    check_other();
}

/* A backend that moves for ever and never comes to an end. */
static void check_flap(const void *arg)
{
    (void)arg;
    CHECK_EQ(blkfront_count(), 2);
    is_flapping = true;
    CHECK_EQ(blkfront_open(0), -ETIMEDOUT);
    CHECK_EQ(line_count, 1);
    is_flapping = false;
    check_other();
}

/* ---- Silence, and going away ---- */

static void check_silence(const void *arg)
{
    uint32_t pages = 1;
    int slot;

    (void)arg;
    CHECK(blkfront_count() == 2 && blkfront_open(0) == 0);
    fake_blkback[0].is_stopped = true;
    slot = blkfront_take(0, &pages);
    blkfront_put(0, (uint32_t)slot, BLKIF_OP_READ, 0, 1);
    now += BLKFRONT_PATIENT - 1;
    CHECK_EQ(blkfront_result(0, (uint32_t)slot), -EINPROGRESS);
    CHECK_EQ(finish(0, slot), -EIO);
    CHECK(line_count == 1 && strstr(lines, "xvda: backend 0 does not answer"));
    check_other();
}

/* Only events without an answer behind them are in vain (threat 10). */
static void check_storm(const void *arg)
{
    (void)arg;
    CHECK(blkfront_count() == 2 && blkfront_open(0) == 0);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(move(0, BLKIF_OP_READ, 0, 1, 0), 0);
        fake_blkback_ring(&fake_blkback[0]);
    }
    CHECK_EQ(fake_in_vain, 0);
    for (int i = 0; i < 100; i++)
        fake_blkback_ring(&fake_blkback[0]);
    CHECK_EQ(fake_in_vain, 100);
}

static void check_detach(const void *arg)
{
    const char *state = arg;
    uint32_t pages = 4;
    int slot;

    CHECK(blkfront_count() == 2 && blkfront_open(0) == 0);
    settle();
    slot = blkfront_take(0, &pages);
    fake_blkback[0].is_stopped = true;
    blkfront_put(0, (uint32_t)slot, BLKIF_OP_READ, 0, 32);
    blkfront_kick(0);
    fake_blkback_set(&fake_blkback[0], "state", *state ? state : NULL);
    CHECK_EQ(finish(0, slot), -EIO);
    CHECK(line_count == 1 && strstr(lines, "xvda: backend 0: it"));
    settle();
    CHECK(strcmp(fake_blkback_front_state(&fake_blkback[0]), "6") == 0);
    CHECK_EQ(blkfront_open(0), -EIO); /* the slot still has pages of the last connection */
    blkfront_give(0, (uint32_t)slot);
    fake_blkback_unmap();
    settle();
    CHECK_EQ(grant_page_count_quarantined(), 0);
    check_other();
    fake_xenstored_set("device/vbd/51712", NULL);
    CHECK_EQ(blkfront_open(0), -ENXIO);
    /* Attached again, before we slept: the backend must not read that its frontend is closed. */
    fake_blkback_make(0, XVDA);
    fake_blkback[0].is_stopped = false;
    settle();
    CHECK(strcmp(fake_blkback_front_state(&fake_blkback[0]), "1") == 0);
    CHECK_EQ(blkfront_open(0), 0);
    CHECK_EQ(move(0, BLKIF_OP_WRITE, 8, 8, 9), 0);
    CHECK_EQ(line_count, 1);
}

static void check_regress(const void *arg)
{
    CHECK(blkfront_count() == 2 && blkfront_open(0) == 0);
    settle();
    fake_blkback_set(&fake_blkback[0], "state", arg);
    settle();
    CHECK(line_count == 1 && strstr(lines, "xvda: backend 0: its state is nonsense"));
    CHECK_EQ(move(0, BLKIF_OP_READ, 0, 1, 0), -EIO);
    check_other();
}

/* ---- No memory ---- */

static void check_no_memory(const void *arg)
{
    uint64_t frames;

    (void)arg;
    CHECK_EQ(blkfront_count(), 2);
    frames = fake_frames_used();
    fake_frames_left(0);
    CHECK_EQ(blkfront_open(0), -ENOMEM);
    fake_frames_left(1);
    fake_blkback_set(&fake_blkback[0], "state", "2");
    CHECK_EQ(blkfront_open(0), 0);
    CHECK_EQ(move(0, BLKIF_OP_READ, 0, 1, 0), -ENOMEM);
    fake_frames_left(1);
    CHECK_EQ(move(0, BLKIF_OP_READ, 0, 1, 0), 0);
    CHECK_EQ(fake_frames_used(), frames + 2);
}

/* The k-th frame is refused, once: what fails says so, and the next try works. */
static void check_one_failure(const void *arg)
{
    uint64_t frames = fake_frames_used();
    uint32_t pages = 11;
    int slot;

    (void)fake_frames_fail_at(*(const uint64_t *)arg);
    if (blkfront_count() == 0 || blkfront_info(0)->name[3] != 'a')
        return;
    if (blkfront_open(0) != 0) {
        settle();
        CHECK_EQ(fake_frames_used(), frames + blkfront_count());
        fake_blkback_set(&fake_blkback[0], "state", "2");
        CHECK_EQ(blkfront_open(0), 0);
    }
    slot = blkfront_take(0, &pages);
    slot = slot == -ENOMEM ? blkfront_take(0, &pages) : slot;
    if (!CHECK(slot >= 0 && pages >= 1))
        return;
    blkfront_put(0, (uint32_t)slot, BLKIF_OP_READ, 0, pages * 8);
    CHECK_EQ(finish(0, slot), 0);
    blkfront_give(0, (uint32_t)slot);
    fake_blkback_set(&fake_blkback[0], "state", "6");
    settle();
    fake_blkback_unmap();
    settle();
    CHECK_EQ(fake_frames_used(), frames + blkfront_count());
    CHECK_EQ(fake_ports, 0);
}

int main(void)
{
    static const char *const ends[] = { "5", "6", "" }, *const wrong_states[] = { "1", "2", "3", "9", "x" };

    start_cases();
    run(check_good, NULL);
    run(check_names, NULL);
    run(check_many, NULL);
    for (unsigned i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        run(check_nonsense, &nonsense[i]);
    for (unsigned i = 0; i < 4; i++)
        run(check_front_nonsense, &i);
    run(check_flap, NULL);
    run(check_silence, NULL);
    run(check_storm, NULL);
    for (unsigned i = 0; i < 3; i++)
        run(check_detach, ends[i]);
    for (unsigned i = 0; i < 5; i++)
        run(check_regress, wrong_states[i]);
    run(check_no_memory, NULL);
    for (uint64_t k = 1; k < 20; k++)
        run(check_one_failure, &k);
    return check_done();
}
