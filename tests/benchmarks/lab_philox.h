/* Philox4x32-10, the numbers that nexuslic/lab/streams.py draws; words of 32 bits in the lower halves of 64. */
#include <stdint.h>

#define LOW 0xFFFFFFFFull

typedef struct {
    uint64_t zero, one;
} Key;

typedef struct {
    uint64_t a, b, c, d;
} Four;

static inline Key key_of(uint64_t seed) { return (Key){seed & LOW, seed >> 32}; }

static inline __attribute__((always_inline)) Four philox(uint64_t a, uint64_t b, uint64_t c, uint64_t d, Key key) {
    for (int round = 0; round < 10; round++) {
        uint64_t p = 0xD2511F53ull * (uint32_t)a, q = 0xCD9E8D57ull * (uint32_t)c;
        a = (q >> 32) ^ b ^ key.zero;
        b = q & LOW;
        c = (p >> 32) ^ d ^ key.one;
        d = p & LOW;
        key.zero = (key.zero + 0x9E3779B9ull) & LOW;
        key.one = (key.one + 0xBB67AE85ull) & LOW;
    }
    return (Four){a, b, c, d};
}
