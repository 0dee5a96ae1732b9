/* SPDX-License-Identifier: BSD-2-Clause */
/* Is an image signed by one of the keys? What says yes is all that lets the application be looked at (T8). */
#ifndef KERNEL_IMAGE_VERIFY_H
#define KERNEL_IMAGE_VERIFY_H
#include "kernel/image.h"
#include "kernel/signed_comment.h"
#include "lib/blake2b.h"
#include "lib/ed25519.h"

#define VERIFY_MAX_KEYS 8u

struct verify_key {
    uint8_t id[IMAGE_KEY_ID];
    uint8_t key[32];
};

struct verify_keys {
    uint64_t min_version;
    uint32_t count;
    bool is_development; /* anybody who has the tree has the secret key */
    struct verify_key key[VERIFY_MAX_KEYS];
};

/* Those that this kernel was built with: build/gen/verify_keys.c, which boot/keys.py writes. */
extern const struct verify_keys verify_keys;

/* key: the number of the one that signed. */
struct verified {
    struct image image;
    struct signed_comment comment;
    uint32_t key;
    uint8_t digest[BLAKE2B_DIGEST]; /* of the payload */
};

#include "spec/image_verify.acsl"

/* Judges, verifies, and only then reads the comment. A refusal leaves the payload's size 0. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && size <= 0x7fffffffffffff00;
    requires keys: \valid_read(keys) && keys->count <= VERIFY_MAX_KEYS;
    requires apart: \valid(out) && \separated(out, bytes + (0 .. size - 1)) && \separated(out, keys);
    terminates \true; exits \false; assigns *out;
    ensures reasons: IMAGE_OK <= \result <= IMAGE_OLD;
    ensures signed: \result == IMAGE_OK ==> ImageSigned(bytes, out, keys);
    ensures inside: \result == IMAGE_OK ==> 0 < out->image.payload_size < size;
    ensures version: \result == IMAGE_OK ==> out->comment.version >= keys->min_version;
    ensures refused: \result != IMAGE_OK ==> out->image.payload_size == 0; */
enum image_status image_verify(const uint8_t *bytes, uint64_t size, const struct verify_keys *keys,
                               struct verified *out);

#endif
