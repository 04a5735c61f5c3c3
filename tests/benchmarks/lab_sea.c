/* Honest trips in C, three ways, beside which the lab is measured: blocks of words as the lab does it, the same one
 * trip at a time, and the plain loop over days that one writes first. The clock is right, a launch a day from day 2, a
 * chance of a contact a day; counted are, for every grace below `graces`, the touched trips and the refused days.
 *
 * The first two draw the bits of nexuslic/lab/bits.py, and so agree with it to the last bit. The plain loop takes one
 * 32-bit draw a day, four days a call of the cipher, and so sees other trips of the same chances.
 */
#include <stdint.h>

#include "lab_draw.h"

enum { CONTACT = 1, MOST_DAYS = 366 };

/* ---- blocks of words, of one or two for each trip -------------------------------------------------------------- */

static void count_one(const uint64_t *restrict contact, int count, uint64_t mask, int graces, int64_t *touched,
                      int64_t *refused) {
    _Alignas(64) uint64_t eve[BLOCK], late[BLOCK];
    for (int i = 0; i < count; i++) late[i] = eve[i] = mask & ~(contact[i] << 1 | 1);
    refused[0] += (int64_t)count * __builtin_popcountll(mask);
    touched[0] += mask ? count : 0;
    for (int grace = 1; grace < graces; grace++) {
        uint64_t days = 0, trips = 0;
        for (int i = 0; i < count; i++) {
            uint64_t now = late[i];
            days += __builtin_popcountll(now);
            trips += now != 0;
            late[i] = eve[i] & now << 1;
        }
        if (!trips) break;
        refused[grace] += days;
        touched[grace] += trips;
    }
}

static void count_two(uint64_t contact[][BLOCK], int count, int days, int graces, int64_t *touched, int64_t *refused) {
    _Alignas(64) uint64_t eve[2][BLOCK], late[2][BLOCK];
    for (int i = 0; i < count; i++) {
        late[0][i] = eve[0][i] = mask_of(days, 0) & ~(contact[0][i] << 1 | 1);
        late[1][i] = eve[1][i] = mask_of(days, 1) & ~(contact[1][i] << 1 | contact[0][i] >> 63);
    }
    refused[0] += (int64_t)count * (days - 1);
    touched[0] += count;
    for (int grace = 1; grace < graces; grace++) {
        uint64_t sum = 0, trips = 0;
        for (int i = 0; i < count; i++) {
            uint64_t now = late[0][i], then = late[1][i];
            sum += __builtin_popcountll(now) + __builtin_popcountll(then);
            trips += (now | then) != 0;
            late[0][i] = eve[0][i] & now << 1;
            late[1][i] = eve[1][i] & (then << 1 | now >> 63);
        }
        if (!trips) break;
        refused[grace] += sum;
        touched[grace] += trips;
    }
}

void blocks(uint64_t start, uint64_t count, int days, uint64_t threshold, uint64_t seed, int graces, int64_t *touched,
            int64_t *refused) {
    Room room;
    _Alignas(64) uint64_t contact[2][BLOCK], ids[BLOCK];
    int words = days > 65 ? 2 : 1;
    for (uint64_t base = start; base < start + count; base += BLOCK) {
        int many = start + count - base < BLOCK ? (int)(start + count - base) : BLOCK;
        for (int i = 0; i < many; i++) ids[i] = base + i;
        for (int word = 0; word < words; word++)
            draw(ids, many, CONTACT + WORD_STEP * word, threshold, key_of(seed), mask_of(days, word), contact[word],
                 &room);
        if (words == 1)
            count_one(contact[0], many, mask_of(days, 0), graces, touched, refused);
        else
            count_two(contact, many, days, graces, touched, refused);
    }
}

/* ---- a trip at a time, of one word ----------------------------------------------------------------------------- */

void scalar(uint64_t start, uint64_t count, int days, uint64_t threshold, uint64_t seed, int graces, int64_t *touched,
            int64_t *refused) {
    uint64_t mask = mask_of(days, 0);
    Key key = key_of(seed);
    refused[0] += (int64_t)count * __builtin_popcountll(mask);
    touched[0] += mask ? count : 0;
    for (uint64_t id = start; id < start + count; id++) {
        uint64_t won = 0, left = mask;
        for (int step = 0; left && step < STEPS; step++) {
            uint64_t one = -((threshold >> (31 - 2 * step)) & 1), two = -((threshold >> (30 - 2 * step)) & 1);
            Four x = philox(id & LOW, id >> 32, step, CONTACT, key);
            uint64_t drawn = x.a | x.b << 32;
            won |= left & ~drawn & one;
            left &= ~(drawn ^ one);
            drawn = x.c | x.d << 32;
            won |= left & ~drawn & two;
            left &= ~(drawn ^ two);
        }
        uint64_t eve = mask & ~(won << 1 | 1), late = eve;
        for (int grace = 1; late && grace < graces; grace++) {
            refused[grace] += __builtin_popcountll(late);
            touched[grace]++;
            late = eve & late << 1;
        }
    }
}

/* ---- day by day ------------------------------------------------------------------------------------------------- */

void plain(uint64_t start, uint64_t count, int days, uint64_t threshold, uint64_t seed, int graces, int64_t *touched,
           int64_t *refused) {
    int64_t gaps[MOST_DAYS + 1] = {0}, longest[MOST_DAYS + 1] = {0};
    Key key = key_of(seed);
    for (uint64_t id = start; id < start + count; id++) {
        int gap = 0, most = 0;
        for (int first = 2; first <= days; first += 4) {
            Four x = philox(id & LOW, id >> 32, first, CONTACT, key);
            uint64_t drawn[4] = {x.a, x.b, x.c, x.d};
            for (int day = first; day < first + 4 && day <= days; day++) {
                gap++;
                gaps[gap]++;
                if (gap > most) most = gap;
                if (drawn[day - first] < threshold) gap = 0;
            }
        }
        longest[most]++;
    }
    int64_t late = 0, trips = 0;
    for (int gap = days; gap > 0; gap--) {
        late += gaps[gap], trips += longest[gap];
        if (gap <= graces) refused[gap - 1] += late, touched[gap - 1] += trips;
    }
}
