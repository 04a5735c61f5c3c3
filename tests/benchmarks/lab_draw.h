/* What a trip draws: Philox4x32-10, the numbers of nexuslic/lab/streams.py (words of 32 bits in the lower halves of
 * 64), and a bit a day from them, as nexuslic/lab/bits.py draws it.
 */
#include <stdint.h>

#define LOW 0xFFFFFFFFull

enum { BLOCK = 512, STEPS = 16, WORD_STEP = 256 };

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

static inline uint64_t mask_of(int days, int word) {
    int bits = days - 1 - 64 * word;
    return bits >= 64 ? ~0ull : bits <= 0 ? 0 : (1ull << bits) - 1;
}

typedef struct {
    _Alignas(64) uint64_t undecided[BLOCK];
    uint64_t ids[BLOCK], won[BLOCK], left[BLOCK];
    int where[BLOCK + 1];
} Room;

static inline void two_steps(const uint64_t *restrict ids, int count, uint64_t step, uint64_t purpose,
                             uint64_t threshold, Key key, uint64_t *restrict won, uint64_t *restrict undecided) {
    uint64_t one = -((threshold >> (31 - 2 * step)) & 1), two = -((threshold >> (30 - 2 * step)) & 1);
    for (int i = 0; i < count; i++) {
        Four x = philox(ids[i] & LOW, ids[i] >> 32, step, purpose, key);
        uint64_t drawn = x.a | x.b << 32, left = undecided[i];
        uint64_t wins = won[i] | (left & ~drawn & one);
        left &= ~(drawn ^ one);
        drawn = x.c | x.d << 32;
        won[i] = wins | (left & ~drawn & two);
        undecided[i] = left & ~(drawn ^ two);
    }
}

static inline void draw(const uint64_t *ids, int count, uint64_t purpose, uint64_t threshold, Key key, uint64_t mask,
                 uint64_t *won, Room *room) {
    for (int i = 0; i < count; i++) {
        won[i] = threshold >> 32 ? mask : 0;
        room->undecided[i] = mask;
    }
    if (threshold == 0 || threshold >> 32) return;
    int step = 0;
    for (; 3ull * __builtin_popcountll(mask) > 1ull << 2 * step; step++)
        two_steps(ids, count, step, purpose, threshold, key, won, room->undecided);
    int left = 0;
    for (int i = 0; i < count; i++) {
        room->where[left] = i;
        left += room->undecided[i] != 0;
    }
    for (int i = 0; i < left; i++) {
        int at = room->where[i];
        room->ids[i] = ids[at], room->won[i] = won[at], room->left[i] = room->undecided[at];
    }
    for (; left && step < STEPS; step++) {
        two_steps(room->ids, left, step, purpose, threshold, key, room->won, room->left);
        int kept = 0;
        for (int i = 0; i < left; i++) {
            won[room->where[i]] = room->won[i];
            room->where[kept] = room->where[i], room->ids[kept] = room->ids[i];
            room->won[kept] = room->won[i], room->left[kept] = room->left[i];
            kept += room->left[i] != 0;
        }
        left = kept;
    }
}
