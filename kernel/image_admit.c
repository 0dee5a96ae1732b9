/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/image_admit.h"

#include "drivers/xenstore.h"
#include "kernel/policy.h"
#include "lib/format.h"
#include "lib/log.h"

/* Where the host's tools find what runs here; relative to the domain's own folder. */
#define XENSTORE_KEY "data/image"

/* boot/console.py knows the line. */
/*@ terminates \true; exits \false; assigns ghost_machine; */
static void say_kind_of_keys(void)
{
    if (verify_keys.is_development)
        log_warn("development key: this kernel protects from nobody");
}

/*@ requires key: key < COMMENT_KEYS;
    terminates \true; exits \false; assigns ghost_machine; */
static void say_dropped(uint32_t key)
{
    log_warn("%s ignored: the image does not allow it", policy_key_text(key));
}

/* Takes off what the comment does not allow. */
/*@ requires line: \valid(cmdline) && \valid_read(comment) && \separated(cmdline, comment);
    terminates \true; exits \false;
    assigns cmdline->console, cmdline->init, cmdline->ip, cmdline->loglevel, cmdline->strace, cmdline->env_count,
      cmdline->arg_count, ghost_machine;
    ensures allowed: \forall integer k; 0 <= k < COMMENT_KEYS && !comment->allows[k] ==> !PolicyGiven(cmdline, k); */
static void restrict_line(struct cmdline *cmdline, const struct signed_comment *comment)
{
    /*@ loop invariant range: 0 <= k <= COMMENT_KEYS;
        loop invariant allowed: \forall integer i; 0 <= i < k && !comment->allows[i] ==> !PolicyGiven(cmdline, i);
        loop assigns k, cmdline->console, cmdline->init, cmdline->ip, cmdline->loglevel, cmdline->strace, cmdline->env_count,
          cmdline->arg_count, ghost_machine;
        loop variant COMMENT_KEYS - k; */
    for (uint32_t k = 0; k < COMMENT_KEYS; k++) {
        if (comment->allows[k] || !policy_is_given(cmdline, k))
            continue;
        say_dropped(k);
        policy_drop(cmdline, k);
    }
}

enum image_status image_admit(const uint8_t *module, uint64_t size, struct cmdline *cmdline, struct verified *out)
{
    enum image_status status;

    say_kind_of_keys();
    status = image_verify(module, size, &verify_keys, out);
    /*@ assert signed: status == IMAGE_OK ==> ImageSigned(module, out, &verify_keys); */
    if (status == IMAGE_OK)
        restrict_line(cmdline, &out->comment);
    return status;
}

static void hexadecimal(char *out, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        format_string(out + 2 * i, 3, "%02x", bytes[i]);
}

void image_tell(const struct verified *image)
{
    enum { REST = 64 }; /* the words, the version's 20 digits, the key's 16 */
    char digest[2 * BLAKE2B_DIGEST + 1], text[COMMENT_MAX_NAME + 2 * BLAKE2B_DIGEST + REST + 1];
    uint64_t id = read_le64(image->image.key_id, IMAGE_KEY_ID, 0);
    int request;

    hexadecimal(digest, image->digest, BLAKE2B_DIGEST);
    format_string(text, sizeof(text), "name=%s version=%lu key=%016lx blake2b=%s", image->comment.name,
                  image->comment.version, id, digest);
    log_info("image: %s", text);
    request = xenstore_begin(XS_WRITE, XENSTORE_NO_TRANSACTION, XENSTORE_KEY, text, 0, 0);
    /* The answer changes nothing. */
    if (request >= 0)
        xenstore_abandon(request);
}
