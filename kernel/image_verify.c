/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/image_verify.h"

/*@ requires readable: \valid_read(a + (0 .. IMAGE_KEY_ID - 1)) && \valid_read(b + (0 .. IMAGE_KEY_ID - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> \forall integer k; 0 <= k < IMAGE_KEY_ID ==> a[k] == b[k]; */
static bool is_same_id(const uint8_t *a, const uint8_t *b)
{
    /*@ loop invariant range: 0 <= k <= IMAGE_KEY_ID;
        loop invariant same: \forall integer i; 0 <= i < k ==> a[i] == b[i];
        loop assigns k; loop variant IMAGE_KEY_ID - k; */
    for (uint32_t k = 0; k < IMAGE_KEY_ID; k++)
        if (a[k] != b[k])
            return false;
    return true;
}

/* The number of the key with that id; keys->count: there is none. */
/*@ requires keys: \valid_read(keys) && keys->count <= VERIFY_MAX_KEYS;
    requires readable: \valid_read(id + (0 .. IMAGE_KEY_ID - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= keys->count; */
static uint32_t verify_find_key(const struct verify_keys *keys, const uint8_t *id)
{
    /*@ loop invariant range: 0 <= k <= keys->count;
        loop assigns k; loop variant keys->count - k; */
    for (uint32_t k = 0; k < keys->count; k++)
        if (is_same_id(keys->key[k].id, id))
            return k;
    return keys->count;
}

/* Both signatures, by that key. */
/*@ requires readable: \valid_read(v) && \valid_read(key + (0 .. 31));
    requires payload: \valid_read(bytes + (0 .. v->image.payload_size - 1)) && v->image.payload_size > 0;
    requires digest: Digest(bytes, v->image.payload_size, &v->digest[0]);
    requires comment: v->image.comment_size <= IMAGE_MAX_COMMENT;
    terminates \true; exits \false; assigns \nothing;
    ensures reasons: \result == IMAGE_OK || \result == IMAGE_NOT_SIGNED_SO || \result == IMAGE_COMMENT_NOT_SIGNED_SO;
    ensures payload: \result == IMAGE_OK ==> PayloadSigned(bytes, v, key);
    ensures comment: \result == IMAGE_OK ==> CommentSigned(v, key); */
static enum image_status verify_signatures(const uint8_t *bytes, const struct verified *v, const uint8_t *key)
{
    bool is_signed = v->image.is_hashed ? ed25519_verify(key, v->digest, BLAKE2B_DIGEST, v->image.claim)
                                        : ed25519_verify(key, bytes, v->image.payload_size, v->image.claim);

    if (!is_signed)
        return IMAGE_NOT_SIGNED_SO;
    if (v->image.has_comment &&
        !ed25519_verify(key, v->image.claim, IMAGE_SIGNATURE + v->image.comment_size, v->image.global))
        return IMAGE_COMMENT_NOT_SIGNED_SO;
    return IMAGE_OK;
}

/* The words of the verified comment, and whether the version is enough. */
/*@ requires apart: \valid(out) && out->image.comment_size <= IMAGE_MAX_COMMENT;
    requires printable: ImagePrintable(&out->image.claim[IMAGE_SIGNATURE], out->image.comment_size);
    terminates \true; exits \false; assigns out->comment;
    ensures reasons: \result == IMAGE_OK || IMAGE_BAD_NAME <= \result <= IMAGE_OLD;
    ensures version: \result == IMAGE_OK ==> out->comment.version >= min_version; */
static enum image_status verify_comment(struct verified *out, uint64_t min_version)
{
    char text[IMAGE_MAX_COMMENT];
    enum comment_status status;

    /*@ loop invariant range: 0 <= k <= out->image.comment_size;
        loop assigns k, text[0 .. IMAGE_MAX_COMMENT - 1]; loop variant out->image.comment_size - k; */
    for (uint32_t k = 0; k < out->image.comment_size; k++)
        text[k] = (char)out->image.claim[IMAGE_SIGNATURE + k];
    status = signed_comment_parse(text, out->image.comment_size, &out->comment);
    if (status != COMMENT_OK)
        return status == COMMENT_BAD_NAME ? IMAGE_BAD_NAME : IMAGE_BAD_VERSION;
    return out->comment.version >= min_version ? IMAGE_OK : IMAGE_OLD;
}

/* An image whose parts are known. */
/*@ requires payload: \valid_read(bytes + (0 .. out->image.payload_size - 1)) && 0 < out->image.payload_size <= 0x7fffffffffffff00;
    requires keys: \valid_read(keys) && keys->count <= VERIFY_MAX_KEYS;
    requires apart: \valid(out) && \separated(out, bytes + (0 .. out->image.payload_size - 1)) && \separated(out, keys);
    requires comment: out->image.comment_size <= IMAGE_MAX_COMMENT
      && ImagePrintable(&out->image.claim[IMAGE_SIGNATURE], out->image.comment_size);
    terminates \true; exits \false; assigns out->comment, out->key, out->digest[0 .. 63];
    ensures reasons: \result == IMAGE_OK || IMAGE_UNKNOWN_KEY <= \result <= IMAGE_OLD;
    ensures signed: \result == IMAGE_OK ==> ImageSigned(bytes, out, keys);
    ensures version: \result == IMAGE_OK ==> out->comment.version >= keys->min_version; */
static enum image_status verify_parts(const uint8_t *bytes, const struct verify_keys *keys, struct verified *out)
{
    enum image_status status;

    out->key = verify_find_key(keys, out->image.key_id);
    if (out->key == keys->count)
        return IMAGE_UNKNOWN_KEY;
    blake2b_512(out->digest, bytes, out->image.payload_size);
    status = verify_signatures(bytes, out, keys->key[out->key].key);
    /*@ assert signed: status == IMAGE_OK ==> ImageSigned(bytes, out, keys); */
    return status == IMAGE_OK ? verify_comment(out, keys->min_version) : status;
}

enum image_status image_verify(const uint8_t *bytes, uint64_t size, const struct verify_keys *keys,
                               struct verified *out)
{
    enum image_status status = image_judge(bytes, size, &out->image);

    if (status == IMAGE_OK)
        status = verify_parts(bytes, keys, out);
    if (status != IMAGE_OK)
        out->image.payload_size = 0;
    return status;
}
