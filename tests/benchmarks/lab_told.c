/* Trips with clock errors, restores, codes and extensions, told in C: the rows of nexuslic/lab/sampler.py and the
 * branches of nexuslic/lab/kernel.py, for the one database without marks that a trip of a model has. It draws the same
 * bits and so agrees to the last day; every trip is told from its rows.
 */
#include <stdint.h>
#include <string.h>

#include "lab_draw.h"

enum { KINDS, CONTACT, CREW_CHANGE, CODE, EVENT, DETAIL };
enum { RESTORE, RENAME, CLOCK, OWN_CLOCK };
enum { LAUNCH, GRANT, REFUSED };
enum { QUAY = 27000, LAUNCHES = 21600, CONTACTS = 45000, DAY = 86400 };
enum { MOST_GRACES = 3652, MOST_WORDS = 6, MOST_ROWS = 366 * 102 + 2, SORTED = 8 * BLOCK, FEW = 64 };

/* What a model under a policy comes to; chances in 2**32nds, cumulated where one of several is drawn. */
typedef struct {
    uint64_t seed;
    int64_t many_lengths, lengths[FEW], length_chances[FEW], contact, crew_change, crew_change_contact, code, event,
        event_chances[4], many_spans, spans[FEW], span_chances[FEW], windows_7, extension, extension_days, workstations,
        own_clock, identity, tolerance, charge;
} Numbers;

typedef struct {
    int64_t kind, day, reading, server, base, served;
} Row;

/* The graces from `low` to the next branch's have seen the same. */
typedef struct {
    int64_t low, time, last;
} Branch;

typedef struct {
    int64_t refused[MOST_GRACES], first[MOST_GRACES], latest[MOST_GRACES];
} Told;

typedef struct {
    uint64_t contact[MOST_WORDS][BLOCK], code[MOST_WORDS][BLOCK], event[MOST_WORDS][BLOCK], extra[BLOCK], ids[BLOCK];
    Room room;
    Row rows[MOST_ROWS];
    Branch branches[MOST_GRACES + 1];
    Told told;
    int kinds[SORTED];
} Place;

static int one_of(int64_t draw, const int64_t *chances, int64_t many) {
    int place = 0;
    while (place < many - 1 && draw >= chances[place]) place++;
    return place;
}

static int kind_of(uint64_t trip, const Numbers *n) {
    Four x = philox(trip & LOW, trip >> 32, 0, KINDS, key_of(n->seed));
    int length = one_of(x.a, n->length_chances, n->many_lengths);
    return 4 * length + ((int64_t)x.b < n->windows_7 ? 2 : 0) + ((int64_t)x.c < n->extension ? 1 : 0);
}

static int is(uint64_t bits[][BLOCK], int at, int day) { return bits[(day - 2) / 64][at] >> (day - 2) % 64 & 1; }

/* ---- the rows of a trip ----------------------------------------------------------------------------------------- */

static int trip_rows(const Numbers *n, uint64_t trip, int kind, Place *p, int at) {
    int64_t errors[1 + FEW] = {0};
    int days = n->lengths[kind / 4], old = kind & 2, clocks = n->own_clock ? n->workstations : 1, moved = 0, many = 0;
    p->rows[many++] = (Row){GRANT, 1, QUAY, QUAY, kind & 1 ? n->extension_days : 0, 1};
    for (int day = 2; day <= days; day++) {
        int64_t start = (int64_t)(day - 1) * DAY, *error = n->own_clock ? errors + 1 : errors;
        int what = -1;
        if (is(p->event, at, day)) {
            Four x = philox(trip & LOW, trip >> 32, day, DETAIL, key_of(n->seed));
            int64_t span = n->spans[one_of(x.b, n->span_chances, n->many_spans)];
            what = one_of(x.a, n->event_chances, 4);
            if (what == CLOCK) errors[0] -= span;
            if (what == OWN_CLOCK) errors[1 + x.c % n->workstations] -= span;
        }
        for (int clock = 0; clock < clocks; clock++)
            p->rows[many++] = (Row){moved ? REFUSED : LAUNCH, day, start + LAUNCHES + error[clock], 0, 0, 0};
        if (what == RESTORE) errors[0] = 0;
        if (what == RESTORE || (what == RENAME && !n->identity)) moved = 1;
        if (is(p->contact, at, day) && !old) {
            for (int clock = 0; clock < clocks; clock++)
                p->rows[many++] = (Row){GRANT, day, start + CONTACTS + error[clock], start + CONTACTS, 0, 1};
            moved = 0;
        }
        if (is(p->code, at, day)) {
            p->rows[many++] = (Row){GRANT, day, start + CONTACTS + error[0], start + CONTACTS, 0, 1};
            moved = 0;
        }
    }
    return many;
}

/* ---- told at every grace ---------------------------------------------------------------------------------------- */

static inline void refuse(Told *told, int64_t low, int64_t high, int64_t day) {
    for (int64_t grace = low; grace < high; grace++) {
        told->refused[grace] += told->latest[grace] != day;
        told->latest[grace] = day;
        told->first[grace] = told->first[grace] ? told->first[grace] : day;
    }
}

static inline int64_t least_of(int64_t seen, int64_t granted_at, int64_t base) {
    int64_t late = seen - granted_at - base * DAY;
    return late <= 0 ? 0 : (late + DAY - 1) / DAY;
}

static void tell(const Row *rows, int many, const Numbers *n, int graces, Branch *branches, Told *told) {
    int64_t granted_at = 0, base = 0, shown = 0;
    int count = 1, still = 0, fresh = 0;
    branches[0] = (Branch){0, 0, 0};
    memset(told->refused, 0, graces * sizeof(int64_t));
    memset(told->first, 0, graces * sizeof(int64_t));
    memset(told->latest, 0, graces * sizeof(int64_t));
    for (const Row *row = rows; row < rows + many; row++) {
        if (row->kind == GRANT) {
            granted_at = row->server, base = row->base, count = 1, fresh = 0;
            branches[0] = (Branch){0, row->server, row->reading};
        } else if (row->kind == REFUSED) {
            refuse(told, 0, graces, row->day);
        } else {
            still = fresh && row->reading >= shown ? still : 0;
            refuse(told, 0, still < count ? branches[still].low : graces, row->day);
            for (int at = still; at < count; at++) {
                int64_t low = branches[at].low, high = at + 1 < count ? branches[at + 1].low : graces;
                int64_t seen = branches[at].time, last = branches[at].last, behind = last - row->reading;
                if (behind <= 0)
                    seen -= behind, last = row->reading;
                else if (behind > n->tolerance)
                    seen += n->charge, last = row->reading;
                int64_t least = least_of(seen, granted_at, base);
                if (least > low) {
                    refuse(told, low, least < high ? least : high, row->day);
                    still += still == at && branches[at].last <= row->reading;
                }
                if (low < least && least < high) {
                    memmove(branches + at + 1, branches + at, (count - at) * sizeof(Branch));
                    branches[++at].low = least;
                    count++;
                }
                if (least < high) branches[at].time = seen, branches[at].last = last;
            }
            fresh = 1, shown = row->reading;
        }
    }
}

/* ---- trips of one class side by side, for their draws ------------------------------------------------------------ */

static uint64_t each(int word, int64_t step) {
    uint64_t bits = 0;
    for (int bit = 0; bit < 64; bit++) bits |= (uint64_t)((64 * word + bit + 2) % step == 0) << bit;
    return bits;
}

static void days_of(int count, int days, const Numbers *n, Place *p) {
    Key key = key_of(n->seed);
    for (int word = 0; word < (days + 62) / 64; word++) {
        int step = WORD_STEP * word;
        uint64_t mask = mask_of(days, word);
        draw(p->ids, count, CONTACT + step, n->contact, key, mask, p->contact[word], &p->room);
        draw(p->ids, count, CODE + step, n->code, key, mask, p->code[word], &p->room);
        draw(p->ids, count, EVENT + step, n->event, key, mask, p->event[word], &p->room);
        if (!n->crew_change || !n->crew_change_contact) continue;
        mask &= each(word, n->crew_change);
        draw(p->ids, count, CREW_CHANGE + step, n->crew_change_contact, key, mask, p->extra, &p->room);
        for (int i = 0; i < count; i++) p->contact[word][i] |= p->extra[i];
    }
}

static void block(int count, int kind, const Numbers *n, int graces, Place *p, int64_t *touched, int64_t *refused) {
    days_of(count, n->lengths[kind / 4], n, p);
    for (int i = 0; i < count; i++) {
        int many = trip_rows(n, p->ids[i], kind, p, i);
        tell(p->rows, many, n, graces, p->branches, &p->told);
        for (int grace = 0; grace < graces; grace++) {
            refused[grace] += p->told.refused[grace];
            touched[grace] += p->told.first[grace] != 0;
        }
    }
}

void told(uint64_t start, uint64_t count, const Numbers *n, int graces, int64_t *touched, int64_t *refused) {
    static Place p;
    for (uint64_t base = start; base < start + count; base += SORTED) {
        int many = start + count - base < SORTED ? (int)(start + count - base) : SORTED;
        for (int i = 0; i < many; i++) p.kinds[i] = kind_of(base + i, n);
        for (int kind = 0; kind < 4 * n->many_lengths; kind++) {
            int side_by_side = 0;
            for (int i = 0; i < many; i++) {
                if (p.kinds[i] == kind) p.ids[side_by_side++] = base + i;
                if (side_by_side == BLOCK || (i == many - 1 && side_by_side)) {
                    block(side_by_side, kind, n, graces, &p, touched, refused);
                    side_by_side = 0;
                }
            }
        }
    }
}
