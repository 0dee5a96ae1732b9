/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/image.h"

/* Of the text: its first line, the signature's, what the comment's begins with, and the global signature's, each with its newline. */
#define FIRST_LINE     35u
#define SIGNED_BYTES   (2u + IMAGE_KEY_ID + IMAGE_SIGNATURE)
#define SIGNATURE_LINE (BASE64_SIZE(SIGNED_BYTES) + 1u)
#define COMMENT_PREFIX 17u
#define GLOBAL_LINE    (BASE64_SIZE(IMAGE_SIGNATURE) + 1u)
#define TEXT_SHORT     (FIRST_LINE + SIGNATURE_LINE)
#define TEXT_LONG      (TEXT_SHORT + COMMENT_PREFIX + 1u + GLOBAL_LINE) /* and the comment */

static const uint8_t first_line[FIRST_LINE + 1] = "untrusted comment: anchorite image\n";
static const uint8_t comment_prefix[COMMENT_PREFIX + 1] = "trusted comment: ";

/* Where the bytes end that are not padding. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures range: \result <= size;
    ensures exact: \result == ImageEnd(bytes, size); */
static uint64_t image_end(const uint8_t *bytes, uint64_t size)
{
    uint64_t end = size;
    uint32_t left = IMAGE_MAX_PAD;

    /*@ loop invariant range: 0 <= end <= size && 0 <= left <= IMAGE_MAX_PAD;
        loop invariant same: ImageEndAt(bytes, end, left) == ImageEnd(bytes, size);
        loop assigns end, left; loop variant end; */
    while (end > 0 && left > 0 && bytes[end - 1] == 0) {
        end--;
        left--;
    }
    return end;
}

/* Are these bytes those of the text? */
/*@ requires readable: \valid_read(bytes + (0 .. count - 1)) && \valid_read(text + (0 .. count - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> \forall integer k; 0 <= k < count ==> bytes[k] == text[k]; */
static bool image_has(const uint8_t *bytes, const uint8_t *text, uint32_t count)
{
    /*@ loop invariant range: 0 <= k <= count;
        loop invariant same: \forall integer i; 0 <= i < k ==> bytes[i] == text[i];
        loop assigns k; loop variant count - k; */
    for (uint32_t k = 0; k < count; k++)
        if (bytes[k] != text[k])
            return false;
    return true;
}

/*@ requires readable: \valid_read(source + (0 .. count - 1)) && \valid(out + (0 .. count - 1));
    requires apart: \separated(out + (0 .. count - 1), source + (0 .. count - 1));
    terminates \true; exits \false; assigns out[0 .. count - 1];
    ensures copied: \forall integer k; 0 <= k < count ==> out[k] == \old(source[k]);
    ensures printable: ImagePrintable{Pre}(source, count) ==> ImagePrintable(out, count); */
static void image_copy(uint8_t *out, const uint8_t *source, uint32_t count)
{
    /*@ loop invariant range: 0 <= k <= count;
        loop invariant copied: \forall integer i; 0 <= i < k ==> out[i] == \at(source[i], Pre);
        loop invariant source: \forall integer i; 0 <= i < count ==> source[i] == \at(source[i], Pre);
        loop assigns k, out[0 .. count - 1]; loop variant count - k; */
    for (uint32_t k = 0; k < count; k++)
        out[k] = source[k];
}

/* What the text has, by its length. */
/*@ requires valid: \valid(image);
    terminates \true; exits \false; assigns image->has_comment, image->comment_size;
    ensures reasons: \result == IMAGE_OK || \result == IMAGE_SHORT || \result == IMAGE_LONG_COMMENT;
    ensures without: \result == IMAGE_OK && !image->has_comment ==> length == TEXT_SHORT && image->comment_size == 0;
    ensures with: \result == IMAGE_OK && image->has_comment ==>
      image->comment_size <= IMAGE_MAX_COMMENT && length == TEXT_LONG + image->comment_size;
    ensures short: \result == IMAGE_SHORT <==> length < TEXT_LONG && length != TEXT_SHORT;
    ensures long: \result == IMAGE_LONG_COMMENT <==> length > TEXT_LONG + IMAGE_MAX_COMMENT; */
static enum image_status image_take_length(uint64_t length, struct image *image)
{
    image->has_comment = false;
    image->comment_size = 0;
    if (length == TEXT_SHORT)
        return IMAGE_OK;
    if (length < TEXT_LONG)
        return IMAGE_SHORT;
    if (length > TEXT_LONG + IMAGE_MAX_COMMENT)
        return IMAGE_LONG_COMMENT;
    image->has_comment = true;
    image->comment_size = (uint32_t)(length - TEXT_LONG);
    return IMAGE_OK;
}

/* The signature's line: algorithm, key id, signature. */
/*@ requires readable: \valid_read(line + (0 .. SIGNATURE_LINE - 1));
    requires apart: \valid(image) && \separated(image, line + (0 .. SIGNATURE_LINE - 1));
    terminates \true; exits \false;
    assigns image->is_hashed, image->key_id[0 .. IMAGE_KEY_ID - 1], image->claim[0 .. IMAGE_SIGNATURE - 1];
    ensures reasons: \result == IMAGE_OK || \result == IMAGE_BAD_SIGNATURE || \result == IMAGE_BAD_ALGORITHM;
    ensures newline: \result == IMAGE_OK ==> \old(line[SIGNATURE_LINE - 1]) == '\n';
    ensures comment: \result == IMAGE_OK && image->is_hashed ==> image->has_comment; */
static enum image_status image_take_signature(const uint8_t *line, struct image *image)
{
    uint8_t bytes[SIGNED_BYTES];

    if (line[SIGNATURE_LINE - 1] != '\n' || !base64_decode(bytes, SIGNED_BYTES, line))
        return IMAGE_BAD_SIGNATURE;
    if (bytes[0] != 'E' || (bytes[1] != 'D' && bytes[1] != 'd') || (bytes[1] == 'D' && !image->has_comment))
        return IMAGE_BAD_ALGORITHM;
    image->is_hashed = bytes[1] == 'D';
    image_copy(image->key_id, bytes + 2, IMAGE_KEY_ID);
    image_copy(image->claim, bytes + 2 + IMAGE_KEY_ID, IMAGE_SIGNATURE);
    return IMAGE_OK;
}

/*@ requires readable: \valid_read(bytes + (0 .. count - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> ImagePrintable(bytes, count); */
static bool image_is_printable(const uint8_t *bytes, uint32_t count)
{
    /*@ loop invariant range: 0 <= k <= count;
        loop invariant bytes: ImagePrintable(bytes, k);
        loop assigns k; loop variant count - k; */
    for (uint32_t k = 0; k < count; k++)
        if (bytes[k] != '\t' && (bytes[k] < ' ' || bytes[k] > '~'))
            return false;
    return true;
}

/* The comment's line and the global signature's, but for what that is. */
/*@ requires size: size <= IMAGE_MAX_COMMENT;
    requires readable: \valid_read(line + (0 .. COMMENT_PREFIX + size + GLOBAL_LINE));
    terminates \true; exits \false; assigns \nothing;
    ensures reasons: \result == IMAGE_OK || IMAGE_NO_COMMENT <= \result <= IMAGE_BAD_GLOBAL;
    ensures newlines: \result == IMAGE_OK ==> line[COMMENT_PREFIX + size] == '\n'
      && line[COMMENT_PREFIX + size + GLOBAL_LINE] == '\n';
    ensures bytes: \result == IMAGE_OK ==> ImagePrintable(line + COMMENT_PREFIX, size); */
static enum image_status image_judge_comment(const uint8_t *line, uint32_t size)
{
    if (!image_has(line, comment_prefix, COMMENT_PREFIX) || line[COMMENT_PREFIX + size] != '\n')
        return IMAGE_NO_COMMENT;
    if (!image_is_printable(line + COMMENT_PREFIX, size))
        return IMAGE_BAD_COMMENT;
    return line[COMMENT_PREFIX + size + GLOBAL_LINE] == '\n' ? IMAGE_OK : IMAGE_BAD_GLOBAL;
}

/* The comment, and the global signature. */
/*@ requires size: image->comment_size <= IMAGE_MAX_COMMENT;
    requires readable: \valid_read(line + (0 .. COMMENT_PREFIX + image->comment_size + GLOBAL_LINE));
    requires apart: \valid(image) && \separated(image, line + (0 .. COMMENT_PREFIX + image->comment_size + GLOBAL_LINE));
    requires bytes: ImagePrintable(line + COMMENT_PREFIX, image->comment_size);
    terminates \true; exits \false;
    assigns image->claim[IMAGE_SIGNATURE .. IMAGE_CLAIM - 1], image->global[0 .. IMAGE_SIGNATURE - 1];
    ensures reasons: \result == IMAGE_OK || \result == IMAGE_BAD_GLOBAL;
    ensures comment: \result == IMAGE_OK ==> ImagePrintable(&image->claim[IMAGE_SIGNATURE], image->comment_size); */
static enum image_status image_take_comment(const uint8_t *line, struct image *image)
{
    image_copy(image->claim + IMAGE_SIGNATURE, line + COMMENT_PREFIX, image->comment_size);
    /*@ assert copied: ImagePrintable(&image->claim[IMAGE_SIGNATURE], image->comment_size); */
    return base64_decode(image->global, IMAGE_SIGNATURE, line + COMMENT_PREFIX + image->comment_size + 1)
               ? IMAGE_OK
               : IMAGE_BAD_GLOBAL;
}

/* The whole text of a signature. */
/*@ requires readable: \valid_read(text + (0 .. length - 1));
    requires apart: \valid(image) && \separated(image, text + (0 .. length - 1));
    terminates \true; exits \false;
    assigns image->has_comment, image->comment_size, image->is_hashed, image->key_id[0 .. IMAGE_KEY_ID - 1],
      image->claim[0 .. IMAGE_CLAIM - 1], image->global[0 .. IMAGE_SIGNATURE - 1];
    ensures reasons: \result == IMAGE_OK || IMAGE_SHORT <= \result <= IMAGE_BAD_GLOBAL;
    ensures text: \result == IMAGE_OK ==> ImageText{Pre}(text, 0, length, image->has_comment, image->comment_size);
    ensures hashed: \result == IMAGE_OK && image->is_hashed ==> image->has_comment;
    ensures comment: \result == IMAGE_OK ==> image->comment_size <= IMAGE_MAX_COMMENT
      && ImagePrintable(&image->claim[IMAGE_SIGNATURE], image->comment_size); */
static enum image_status image_take_text(const uint8_t *text, uint64_t length, struct image *image)
{
    enum image_status status = image_take_length(length, image);
    const uint8_t *line = text + TEXT_SHORT;

    if (status != IMAGE_OK)
        return status;
    if (!image_has(text, first_line, FIRST_LINE))
        return IMAGE_BAD_FIRST;
    /*@ assert newline: text[34] == '\n'; */
    status = image_take_signature(text + FIRST_LINE, image);
    /*@ assert same: \forall integer k; 0 <= k < length ==> text[k] == \at(text[k], Pre); */
    if (status == IMAGE_OK && image->has_comment)
        status = image_judge_comment(line, image->comment_size);
    /*@ assert lines: status == IMAGE_OK && image->has_comment ==>
          \at(text[length - 90], Pre) == '\n' && \at(text[length - 1], Pre) == '\n'; */
    return status == IMAGE_OK && image->has_comment ? image_take_comment(line, image) : status;
}

/* Why nothing ends there with a trailer: it ends with half of one at least, or something stands behind one, or there is none. */
/*@ requires readable: \valid_read(bytes + (0 .. end - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures reasons: IMAGE_UNSIGNED <= \result <= IMAGE_BEHIND;
    ensures unsigned: \result == IMAGE_UNSIGNED ==>
      \forall integer k; ImageHalf(bytes, end, k) ==> k + 16 < end && !ImageWhole(bytes, end, k);
    ensures cut: \result == IMAGE_CUT ==> \exists integer k; ImageHalf(bytes, end, k) && k + 16 >= end;
    ensures behind: \result == IMAGE_BEHIND ==> \exists integer k; ImageHalf(bytes, end, k) && ImageWhole(bytes, end, k); */
static enum image_status image_why_unsigned(const uint8_t *bytes, uint64_t end)
{
    uint64_t at = end;

    /*@ loop invariant range: 0 <= at <= end && 0 <= left <= IMAGE_LOOK && end - at == IMAGE_LOOK - left;
        loop invariant none: \forall integer k; at - 8 < k && ImageHalf(bytes, end, k) ==> k + 16 < end && !ImageWhole(bytes, end, k);
        loop assigns at, left; loop variant left; */
    for (uint32_t left = IMAGE_LOOK; at >= 8 && left > 0; at--, left--)
        if (read_le64(bytes, end, at - 8) == IMAGE_MAGIC_LOW) {
            /*@ assert half: ImageHalf(bytes, end, at - 8); */
            if (end - at <= 8)
                return IMAGE_CUT;
            if (read_le64(bytes, end, at) == IMAGE_MAGIC_HIGH)
                return IMAGE_BEHIND;
        }
    return IMAGE_UNSIGNED;
}

/* What ends there with a trailer, or does not. */
/*@ requires readable: \valid_read(bytes + (0 .. size - 1)) && end <= size <= 0x7fffffffffffffff;
    requires apart: \valid(image) && \separated(image, bytes + (0 .. size - 1));
    terminates \true; exits \false; assigns *image;
    ensures reasons: IMAGE_OK <= \result <= IMAGE_BAD_GLOBAL;
    ensures unsigned: IMAGE_UNSIGNED <= \result <= IMAGE_BEHIND <==> !ImageTrailer{Pre}(bytes, size, end);
    ensures trailer: \result == IMAGE_OK ==> image->payload_size == Le64{Pre}(bytes, end - 24);
    ensures payload: \result == IMAGE_OK ==> 0 < image->payload_size < size;
    ensures text: \result == IMAGE_OK ==>
      ImageText{Pre}(bytes, image->payload_size, end - 24, image->has_comment, image->comment_size);
    ensures hashed: \result == IMAGE_OK && image->is_hashed ==> image->has_comment;
    ensures comment: \result == IMAGE_OK ==> image->comment_size <= IMAGE_MAX_COMMENT
      && ImagePrintable(&image->claim[IMAGE_SIGNATURE], image->comment_size);
    ensures refused: \result != IMAGE_OK ==> image->payload_size == \old(image->payload_size); */
static enum image_status image_judge_to(const uint8_t *bytes, uint64_t size, uint64_t end, struct image *image)
{
    enum image_status status;
    uint64_t start;

    if (end < IMAGE_TRAILER || read_le64(bytes, size, end - 16) != IMAGE_MAGIC_LOW ||
        read_le64(bytes, size, end - 8) != IMAGE_MAGIC_HIGH)
        return image_why_unsigned(bytes, end);
    /*@ assert trailer: ImageTrailer{Pre}(bytes, size, end); */
    start = read_le64(bytes, size, end - IMAGE_TRAILER);
    if (start > end)
        return IMAGE_OUTSIDE;
    if (start > end - IMAGE_TRAILER)
        return IMAGE_IN_TRAILER;
    if (start == 0)
        return IMAGE_EMPTY;
    status = image_take_text(bytes + start, end - IMAGE_TRAILER - start, image);
    /*@ assert same: (bytes + start) + (end - 24 - start) == bytes + (end - 24); */
    /*@ assert short: status == IMAGE_OK && !image->has_comment ==> end - 24 == start + 136 && image->comment_size == 0; */
    /*@ assert long: status == IMAGE_OK && image->has_comment ==> end - 24 == start + 243 + image->comment_size; */
    /*@ assert places: (bytes + start) + 34 == bytes + (start + 34) && (bytes + start) + 135 == bytes + (start + 135); */
    /*@ assert there: status == IMAGE_OK ==>
          ImageNewline{Pre}(bytes + start, 34) && ImageNewline{Pre}(bytes + start, 135); */
    /*@ assert first: status == IMAGE_OK ==>
          ImageNewline{Pre}(bytes, start + 34) && ImageNewline{Pre}(bytes, start + 135); */
    /*@ assert last: status == IMAGE_OK && image->has_comment ==>
          ImageNewline{Pre}(bytes, end - 24 - 90) && ImageNewline{Pre}(bytes, end - 24 - 1); */
    /*@ assert text: status == IMAGE_OK ==>
          ImageText{Pre}(bytes, start, end - 24, image->has_comment, image->comment_size); */
    if (status == IMAGE_OK)
        image->payload_size = start;
    return status;
}

enum image_status image_judge(const uint8_t *bytes, uint64_t size, struct image *image)
{
    uint64_t end = image_end(bytes, size);

    image->payload_size = 0;
    return image_judge_to(bytes, size, end, image);
}
