/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/image_verify.c kernel/image.c kernel/image_text.c kernel/signed_comment.c lib/base64.c lib/blake2b.c lib/decimal.c
          lib/ed25519.c build/hacl/host.a -lsodium */
/* Images signed by libsodium: the good are taken, each bad one is refused with its own reason, and no mutation is taken. */
#include "kernel/image_verify.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lies.h"

/* SAID: where in the text the comment begins. */
enum { SIZE = 16384, PAYLOAD_SIZE = 3000, SECRET = 64, TRAILER = 24, SAID = 153, MUTATIONS = 10000 };

struct pair {
    uint8_t public[32], secret[SECRET], id[8];
};

/* What an image is made of; what a test leaves out is good. */
struct parts {
    const char *comment; /* NULL: none, as signify */
    const struct pair *pair, *comment_pair;
    bool is_plain, is_other_payload, adds_order, has_small_point;
};

static struct pair ours, second, foreign;
static struct verify_keys keys;
static struct verified verified;
static uint8_t payload[PAYLOAD_SIZE], made[SIZE];
static uint64_t made_size;

static void make_pair(struct pair *pair)
{
    uint8_t seed[32];

    for (unsigned i = 0; i < sizeof(seed); i++)
        seed[i] = (uint8_t)lies_next();
    crypto_sign_seed_keypair(pair->public, pair->secret, seed);
    memcpy(pair->id, seed, sizeof(pair->id));
}

static void add(const void *bytes, uint64_t size)
{
    memcpy(made + made_size, bytes, size);
    made_size += size;
}

static void add_base64(const uint8_t *bytes, size_t size)
{
    char text[128];

    sodium_bin2base64(text, sizeof(text), bytes, size, sodium_base64_VARIANT_ORIGINAL);
    add(text, strlen(text));
    add("\n", 1);
}

/* S + L, which a careless verifier takes as S (RFC 8032, 8.4). */
static void add_order(uint8_t *s)
{
    static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                       0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
    unsigned carry = 0;

    for (unsigned i = 0; i < 32; i++) {
        carry += s[i] + order[i];
        s[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void sign_payload(const struct parts *parts, uint8_t signature[64])
{
    uint8_t digest[64], other[PAYLOAD_SIZE];
    const uint8_t *message = payload;

    memcpy(other, payload, sizeof(other));
    other[0] ^= 1;
    message = parts->is_other_payload ? other : payload;
    crypto_generichash(digest, sizeof(digest), message, PAYLOAD_SIZE, NULL, 0);
    if (parts->is_plain)
        crypto_sign_detached(signature, NULL, message, PAYLOAD_SIZE, parts->pair->secret);
    else
        crypto_sign_detached(signature, NULL, digest, sizeof(digest), parts->pair->secret);
    if (parts->adds_order)
        add_order(signature + 32);
    if (parts->has_small_point) {
        memset(signature, 0, 32);
        signature[0] = 1; /* the neutral point, and S = 0 */
        memset(signature + 32, 0, 32);
    }
}

static void make(struct parts parts)
{
    uint8_t line[74] = { 'E', parts.is_plain ? 'd' : 'D' }, claim[SIZE], global[64];
    uint64_t start = PAYLOAD_SIZE;
    size_t size = parts.comment ? strlen(parts.comment) : 0;

    made_size = 0;
    memcpy(line + 2, parts.pair->id, 8);
    sign_payload(&parts, line + 10);
    memcpy(claim, line + 10, 64);
    add(payload, PAYLOAD_SIZE);
    add("untrusted comment: anchorite image\n", 35);
    add_base64(line, sizeof(line));
    if (parts.comment) {
        memcpy(claim + 64, parts.comment, size);
        crypto_sign_detached(global, NULL, claim, 64 + size,
                             (parts.comment_pair ? parts.comment_pair : parts.pair)->secret);
        add("trusted comment: ", 17);
        add(parts.comment, size);
        add("\n", 1);
        add_base64(global, sizeof(global));
    }
    add(&start, sizeof(start));
    add("anchorite-image1", 16);
}

/* What is judged lies in a buffer of its exact size, so that the sanitizer sees a read beyond it. */
static enum image_status verify(const uint8_t *bytes, uint64_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    enum image_status status;

    memcpy(copy, bytes, size);
    memset(&verified, 0x5a, sizeof(verified));
    status = image_verify(copy, size, &keys, &verified);
    free(copy);
    CHECK((status == IMAGE_OK) == (verified.image.payload_size != 0));
    return status;
}

static void expect(struct parts parts, enum image_status want)
{
    enum image_status status;

    make(parts);
    status = verify(made, made_size);
    if (!CHECK_EQ(status, want))
        printf("    %s, want %s\n", image_status_text(status), image_status_text(want));
}

static void check_good(void)
{
    uint8_t digest[64];

    expect((struct parts){ .comment = "name=web version=7 keys=console,args", .pair = &ours }, IMAGE_OK);
    crypto_generichash(digest, sizeof(digest), payload, PAYLOAD_SIZE, NULL, 0);
    CHECK(memcmp(verified.digest, digest, 64) == 0);
    CHECK(verified.key == 0 && verified.image.payload_size == PAYLOAD_SIZE);
    CHECK(verified.comment.version == 7 && strcmp(verified.comment.name, "web") == 0);
    CHECK(verified.comment.allows[CMDLINE_CONSOLE] && verified.comment.allows[COMMENT_ARGS]);
    CHECK(!verified.comment.allows[CMDLINE_INIT]);
    expect((struct parts){ .comment = "version=5", .pair = &second }, IMAGE_OK);
    CHECK(verified.key == 1);
    expect((struct parts){ .comment = "version=5", .pair = &ours, .is_plain = true }, IMAGE_OK);
    keys.min_version = 0;
    expect((struct parts){ .pair = &ours, .is_plain = true }, IMAGE_OK);
    CHECK(verified.comment.version == 0 && !verified.comment.allows[CMDLINE_CONSOLE]);
    keys.min_version = 5;
}

static void check_refused(void)
{
    static char long_comment[IMAGE_MAX_COMMENT + 2];

    memset(long_comment, ' ', sizeof(long_comment) - 1);
    expect((struct parts){ .comment = "version=5", .pair = &foreign }, IMAGE_UNKNOWN_KEY);
    memcpy(foreign.id, ours.id, 8);
    expect((struct parts){ .comment = "version=5", .pair = &foreign }, IMAGE_NOT_SIGNED_SO);
    expect((struct parts){ .comment = "version=5", .pair = &ours, .is_other_payload = true }, IMAGE_NOT_SIGNED_SO);
    expect((struct parts){ .comment = "version=5", .pair = &ours, .is_plain = true, .is_other_payload = true },
           IMAGE_NOT_SIGNED_SO);
    expect((struct parts){ .comment = "version=5", .pair = &ours, .adds_order = true }, IMAGE_NOT_SIGNED_SO);
    expect((struct parts){ .comment = "version=5", .pair = &ours, .has_small_point = true }, IMAGE_NOT_SIGNED_SO);
    expect((struct parts){ .comment = "version=5", .pair = &ours, .comment_pair = &second },
           IMAGE_COMMENT_NOT_SIGNED_SO);
    expect((struct parts){ .comment = "version=4", .pair = &ours }, IMAGE_OLD);
    expect((struct parts){ .comment = "", .pair = &ours }, IMAGE_OLD);
    expect((struct parts){ .pair = &ours, .is_plain = true }, IMAGE_OLD);
    expect((struct parts){ .pair = &ours }, IMAGE_BAD_ALGORITHM);
    expect((struct parts){ .comment = "name=a/b version=5", .pair = &ours }, IMAGE_BAD_NAME);
    expect((struct parts){ .comment = "version=05", .pair = &ours }, IMAGE_BAD_VERSION);
    expect((struct parts){ .comment = long_comment, .pair = &ours }, IMAGE_LONG_COMMENT);
    long_comment[IMAGE_MAX_COMMENT] = 0;
    memcpy(long_comment, "version=5", 9);
    expect((struct parts){ .comment = long_comment, .pair = &ours }, IMAGE_OK);
    keys.count = 0;
    expect((struct parts){ .comment = "version=5", .pair = &ours }, IMAGE_UNKNOWN_KEY);
    keys.count = 2;
}

/* The first, the last and two random bytes of each part, each bit of them. */
static void check_bits(void)
{
    static const char comment[] = "version=5";
    uint64_t text = PAYLOAD_SIZE, said = text + SAID, end, edge[8];

    make((struct parts){ .comment = comment, .pair = &ours });
    CHECK(memcmp(made + said, comment, strlen(comment)) == 0);
    end = made_size - TRAILER;
    memcpy(edge, (uint64_t[]){ 0, text - 1, text, end - 1, said, said + strlen(comment) - 1, end, made_size - 1 },
           sizeof(edge));
    for (unsigned i = 0; i < 16; i++) {
        uint64_t first = edge[i / 4 * 2], last = edge[i / 4 * 2 + 1];
        uint64_t at = i % 4 == 0 ? first : i % 4 == 1 ? last : first + lies_next() % (last - first + 1);

        for (unsigned bit = 0; bit < 8; bit++) {
            made[at] ^= (uint8_t)(1 << bit);
            CHECK(verify(made, made_size) != IMAGE_OK);
            made[at] ^= (uint8_t)(1 << bit);
        }
    }
    CHECK_EQ(verify(made, made_size), IMAGE_OK);
}

/* One to three changes: a bit, a byte, a cut, a piece moved elsewhere, bytes more. The size afterwards. */
static uint64_t mutate(uint8_t *bytes, uint64_t size)
{
    uint64_t at = lies_next() % size, length = 1 + lies_next() % 64, to = lies_next() % size;

    switch (lies_next() % 5) {
    case 0:
        bytes[at] ^= (uint8_t)(1 << lies_next() % 8);
        return size;
    case 1:
        bytes[at] = (uint8_t)lies_next();
        return size;
    case 2:
        length = length < size - at ? length : size - at;
        memmove(bytes + at, bytes + at + length, size - at - length);
        return size - length > 0 ? size - length : size;
    case 3:
        length = length < size - (at > to ? at : to) ? length : size - (at > to ? at : to);
        memmove(bytes + to, bytes + at, length);
        return size;
    default:
        memmove(bytes + at + length, bytes + at, size - at);
        for (uint64_t i = 0; i < length; i++)
            bytes[at + i] = (uint8_t)lies_next();
        return size + length;
    }
}

static void check_mutations(void)
{
    static uint8_t mutant[SIZE];
    uint64_t taken = 0;

    make((struct parts){ .comment = "name=web version=7 keys=console,args", .pair = &ours });
    for (uint64_t i = lies_count(MUTATIONS); i > 0; i--) {
        uint64_t size = made_size;

        memcpy(mutant, made, made_size);
        for (uint64_t n = 1 + lies_next() % 3; n > 0; n--)
            size = mutate(mutant, size);
        /* A change may undo itself. */
        if (size != made_size || memcmp(mutant, made, made_size) != 0)
            taken += verify(mutant, size) == IMAGE_OK;
    }
    CHECK_EQ(taken, 0);
}

int main(void)
{
    if (!CHECK(sodium_init() >= 0))
        return check_done();
    make_pair(&ours);
    make_pair(&second);
    make_pair(&foreign);
    for (unsigned i = 0; i < PAYLOAD_SIZE; i++)
        payload[i] = (uint8_t)lies_next();
    keys = (struct verify_keys){ .count = 2, .min_version = 5 };
    memcpy(keys.key[0].id, ours.id, 8);
    memcpy(keys.key[0].key, ours.public, 32);
    memcpy(keys.key[1].id, second.id, 8);
    memcpy(keys.key[1].key, second.public, 32);
    check_good();
    check_refused();
    check_bits();
    check_mutations();
    return check_done();
}
