/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/ed25519.c build/hacl/host.a -lsodium */
/* Signatures against RFC 8032's vectors, the edge cases of ed25519-speccheck, and libsodium. */
#include "lib/ed25519.h"

#include <sodium.h>
#include <string.h>

#include "check.h"
#include "lib/hacl/hacl.h"
#include "lies.h"

enum { LONGEST = 300, SIGNED = 12000 };

/* L of RFC 8032, 5.1, least byte first. */
static const uint8_t group_order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                         0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };

static void from_hex(uint8_t *bytes, size_t size, const char *hex)
{
    size_t found;

    CHECK(sodium_hex2bin(bytes, size, hex, strlen(hex), NULL, &found, NULL) == 0 && found == size);
}

/* Does HACL* without our refusals say yes? */
static bool hacl_verifies(const uint8_t *key, const uint8_t *message, uint32_t size, const uint8_t *signature)
{
    return Hacl_Ed25519_verify((uint8_t *)key, size, (uint8_t *)message, (uint8_t *)signature);
}

static void check_rfc(const char *key_hex, const char *message_hex, const char *signature_hex)
{
    uint8_t key[32], message[64], signature[64];
    size_t size = strlen(message_hex) / 2;

    from_hex(key, sizeof(key), key_hex);
    from_hex(message, size, message_hex);
    from_hex(signature, sizeof(signature), signature_hex);
    CHECK(ed25519_verify(key, message, size, signature));
    for (unsigned bit = 0; bit < 512; bit++) {
        signature[bit / 8] ^= 1 << bit % 8;
        CHECK(!ed25519_verify(key, message, size, signature));
        signature[bit / 8] ^= 1 << bit % 8;
    }
    CHECK(!ed25519_verify(key, message, (1ULL << 32) + size, signature));
}

/* RFC 8032, 7.1. */
static void check_rfc_vectors(void)
{
    check_rfc("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
              "595bbe2465"
              "5141438e7a100b");
    check_rfc("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
              "b4302aeeb0"
              "0d291612bb0c00");
    check_rfc("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
              "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9"
              "716ed28dc0"
              "27beceea1ec40a");
    check_rfc("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423"
              "643ce80e2a"
              "9ac94fa54ca49f",
              "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c"
              "138ac17ad9"
              "bef1177331a704");
}

/* The 12 cases of "Taming the many EdDSAs" (github.com/novifinancial/ed25519-speccheck); spec/ed25519.md says why. */
static const struct {
    const char *message, *key, *signature;
    bool hacl, ours;
} speccheck[] = {
    { "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a00000000000000000000000000000000000000000000"
      "00000000000000000000",
      true, false },
    { "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1"
      "bb7dfc6637b45450ac04",
      true, false },
    { "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baf"
      "f8b953ec9f5833ca260e",
      true, false },
    { "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688"
      "b6c52fcd6648a98bd009",
      true, true },
    { "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925"
      "e434ab10aa7940551a09",
      false, false },
    { "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
      "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658"
      "d0030494ace586687405",
      false, false },
    { "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
      "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
      "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0"
      "538cb68afb369ba3a514",
      false, false },
    { "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
      "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
      "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d2"
      "72f42b695dd7e89a8c22",
      false, false },
    { "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff03be9678ac102edcd92b0210bb34d7428d12ffc5df5f"
      "37e359941266a4e35f0f",
      false, false },
    { "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca8c5b64cd208982aa38d4936621a4775aa233aa0505"
      "711d8fdcfdaa943d4908",
      false, false },
    { "e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1"
      "bb7dfc6637b45450ac04",
      false, false },
    { "39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1"
      "bb7dfc6637b45450ac04",
      false, false },
};

static void check_speccheck(void)
{
    uint8_t message[32], key[32], signature[64];

    for (unsigned i = 0; i < sizeof(speccheck) / sizeof(speccheck[0]); i++) {
        from_hex(message, sizeof(message), speccheck[i].message);
        from_hex(key, sizeof(key), speccheck[i].key);
        from_hex(signature, sizeof(signature), speccheck[i].signature);
        CHECK_EQ(hacl_verifies(key, message, sizeof(message), signature), speccheck[i].hacl);
        CHECK_EQ(ed25519_verify(key, message, sizeof(message), signature), speccheck[i].ours);
    }
}

/* Every spelling of a point whose multiple by 8 is the neutral one, the last six not canonical: y = p and p + 1, x = -0. */
static const char *const small_points[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

enum { SMALL_POINTS = sizeof(small_points) / sizeof(small_points[0]), SMALL_CANONICAL = 8 };

/* With such a key, S = 0 and the right R "sign" one message in eight or more, without a secret: some of these HACL* accepts. */
static void check_small_points(void)
{
    unsigned forged[SMALL_POINTS] = { 0 };
    uint8_t key[32], signature[64] = { 0 };

    for (unsigned a = 0; a < SMALL_POINTS; a++) {
        from_hex(key, sizeof(key), small_points[a]);
        for (unsigned r = 0; r < SMALL_POINTS; r++) {
            from_hex(signature, 32, small_points[r]);
            for (uint8_t message = 0; message < 24; message++) {
                forged[a] += hacl_verifies(key, &message, 1, signature);
                CHECK(!ed25519_verify(key, &message, 1, signature));
            }
        }
        CHECK_EQ(forged[a] > 0, a < SMALL_CANONICAL);
    }
}

/* A genuine signature; and what is not: S + L for S, S = L, another spelling of R's place, all zeros, halves swapped. */
static void check_forgeries(void)
{
    uint8_t key[32], secret[64], good[64], bad[64], seed[32] = { 7 }, zeros[64] = { 0 };
    const uint8_t *message = seed;
    unsigned carry = 0;

    crypto_sign_seed_keypair(key, secret, seed);
    crypto_sign_detached(good, NULL, message, 32, secret);
    CHECK(ed25519_verify(key, message, 32, good));
    CHECK(!ed25519_verify(key, message, 31, good));
    CHECK(!ed25519_verify(secret, message, 32, good));
    CHECK(!ed25519_verify(key, message, 32, zeros));
    CHECK(!ed25519_verify(zeros, message, 32, good));

    memcpy(bad, good, sizeof(bad));
    for (unsigned i = 0; i < 32; i++) {
        carry += good[32 + i] + group_order[i];
        bad[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    CHECK_EQ(carry, 0);
    CHECK(!ed25519_verify(key, message, 32, bad));
    memcpy(bad + 32, group_order, 32);
    CHECK(!ed25519_verify(key, message, 32, bad));
    memcpy(bad + 32, zeros, 32);
    CHECK(!ed25519_verify(key, message, 32, bad));
    memcpy(bad, good + 32, 32);
    memcpy(bad + 32, good, 32);
    CHECK(!ed25519_verify(key, message, 32, bad));
    for (unsigned r = 0; r < SMALL_POINTS; r++) {
        memcpy(bad, good, sizeof(bad));
        from_hex(bad, 32, small_points[r]);
        CHECK(!ed25519_verify(key, message, 32, bad));
    }
}

static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)lies_next();
}

/* Random keys and messages, half of the signatures or keys or messages changed in one bit or byte: libsodium's answer is ours. */
static void check_against_libsodium(void)
{
    uint8_t seed[32], key[32], secret[64], signature[64], message[LONGEST], *changed[] = { key, signature, message };
    unsigned accepted = 0;
    uint64_t rounds = lies_count(SIGNED);

    for (uint64_t i = 0; i < rounds; i++) {
        size_t size = 1 + lies_next() % LONGEST, sizes[] = { sizeof(key), sizeof(signature), size };
        unsigned which = lies_next() % 3;
        bool good;

        fill(seed, sizeof(seed));
        fill(message, size);
        crypto_sign_seed_keypair(key, secret, seed);
        crypto_sign_detached(signature, NULL, message, size, secret);
        if (i % 2)
            changed[which][lies_next() % sizes[which]] ^= 1 << lies_next() % 8;
        if (i % 16 == 15)
            fill(changed[which], sizes[which]);
        good = ed25519_verify(key, message, size, signature);
        CHECK_EQ(good, crypto_sign_verify_detached(signature, message, size, key) == 0);
        accepted += good;
    }
    CHECK_EQ(accepted, (rounds + 1) / 2);
}

/* SHA-512 at every length of the head and around the blocks' boundaries. */
static void check_sha512(void)
{
    uint8_t data[LONGEST], digest[64], wanted[64];

    fill(data, sizeof(data));
    for (uint32_t head = 0; head < 128; head++) {
        for (uint32_t size = head; size <= LONGEST; size += 1 + (head + size) % 3) {
            hacl_sha512(digest, data, head, data + head, size - head);
            crypto_hash_sha512(wanted, data, size);
            CHECK(memcmp(digest, wanted, sizeof(digest)) == 0);
        }
    }
}

int main(void)
{
    CHECK(sodium_init() == 0);
    check_rfc_vectors();
    check_speccheck();
    check_small_points();
    check_forgeries();
    check_against_libsodium();
    check_sha512();
    return check_done();
}
