/* SPDX-License-Identifier: BSD-2-Clause */
/* A signed image's parts, judged from any bytes. Nothing of this is verified yet. spec/image.md. */
#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/base64.h"
#include "lib/bytes.h"

#define IMAGE_TRAILER     24u
#define IMAGE_MAX_PAD     4095u /* zero bytes behind the trailer */
#define IMAGE_MAX_COMMENT 4096u
#define IMAGE_LOOK        4096u /* so many places are looked at for a trailer that is not where it should be */
#define IMAGE_KEY_ID      8u
#define IMAGE_SIGNATURE   64u
/* "anchorite-image1", as two little-endian words */
#define IMAGE_MAGIC_LOW  0x7469726f68636e61ULL
#define IMAGE_MAGIC_HIGH 0x316567616d692d65ULL
#define IMAGE_CLAIM      (IMAGE_SIGNATURE + IMAGE_MAX_COMMENT)

enum image_status {
    IMAGE_OK,
    IMAGE_UNSIGNED,
    IMAGE_CUT,
    IMAGE_BEHIND,
    IMAGE_OUTSIDE,
    IMAGE_IN_TRAILER,
    IMAGE_EMPTY,
    IMAGE_SHORT,
    IMAGE_LONG_COMMENT,
    IMAGE_BAD_FIRST,
    IMAGE_BAD_SIGNATURE,
    IMAGE_BAD_ALGORITHM,
    IMAGE_NO_COMMENT,
    IMAGE_BAD_COMMENT,
    IMAGE_BAD_GLOBAL,
    /* what image_verify adds */
    IMAGE_UNKNOWN_KEY,
    IMAGE_NOT_SIGNED_SO,
    IMAGE_COMMENT_NOT_SIGNED_SO,
    IMAGE_BAD_NAME,
    IMAGE_BAD_VERSION,
    IMAGE_OLD
};

/* The payload is the image's first payload_size bytes. claim is what the global signature is of: the signature, then the
   comment. Copies, which are not read from the image again. */
struct image {
    uint64_t payload_size;
    uint32_t comment_size;
    bool is_hashed;   /* the signature is of the payload's BLAKE2b-512 */
    bool has_comment; /* and a global signature */
    uint8_t key_id[IMAGE_KEY_ID];
    uint8_t claim[IMAGE_CLAIM];
    uint8_t global[IMAGE_SIGNATURE];
};

#include "spec/image.acsl"

/* Judges the trailer and the signature's text; a refusal leaves the payload's size 0. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && size <= 0x7fffffffffffffff;
    requires apart: \valid(image) && \separated(image, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *image;
    ensures reasons: IMAGE_OK <= \result <= IMAGE_BAD_GLOBAL;
    behavior accepted:
      ensures trailer: \result == IMAGE_OK ==> ImageTrailer{Pre}(bytes, size, ImageEnd{Pre}(bytes, size))
        && image->payload_size == Le64{Pre}(bytes, ImageEnd{Pre}(bytes, size) - 24);
      ensures payload: \result == IMAGE_OK ==> 0 < image->payload_size < size;
      ensures text: \result == IMAGE_OK ==> ImageText{Pre}(bytes, image->payload_size,
        ImageEnd{Pre}(bytes, size) - 24, image->has_comment, image->comment_size);
      ensures hashed: \result == IMAGE_OK && image->is_hashed ==> image->has_comment;
      ensures comment: \result == IMAGE_OK ==> image->comment_size <= IMAGE_MAX_COMMENT
        && ImagePrintable(&image->claim[IMAGE_SIGNATURE], image->comment_size);
    behavior unsigned: ensures IMAGE_UNSIGNED <= \result <= IMAGE_BEHIND
      <==> !ImageTrailer{Pre}(bytes, size, ImageEnd{Pre}(bytes, size));
    behavior refused: ensures \result != IMAGE_OK ==> image->payload_size == 0; */
enum image_status image_judge(const uint8_t *bytes, uint64_t size, struct image *image);

/* What is wrong, one line without newline. */
const char *image_status_text(enum image_status status);

#endif
