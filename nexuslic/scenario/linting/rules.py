"""The table of rules, and how they are asked.

A rule that looks at a case finds what it tells of every case of the story: a row of `cases` may well leave out what
another one needs.
"""

from collections.abc import Collection, Iterable, Iterator

from nexuslic.errors import InputError
from nexuslic.scenario.kinds import nearest
from nexuslic.scenario.linting import idle, silent, unused
from nexuslic.scenario.linting.finding import Finding, Rule, Subject, Told
from nexuslic.scenario.linting.notes import notes

RULES = (
    Rule(
        "L101",
        "no-wrong-value",
        "nothing that the story expects says what happens: only counts of zero, or what nothing can break",
        "expect a state, a reason or a number that another policy would change",
        case=silent.says_nothing,
    ),
    Rule(
        "L102",
        "never-looks",
        "an `always` line in whose time nothing happens that it looks at",
        "correct its `before` or `after`, or launch in that time",
        case=silent.never_looks,
    ),
    Rule(
        "L103",
        "two-states-at-once",
        "an `always` line that forbids a state while another one lasts, which nothing can break",
        "leave `while` out, or forbid `runs` or `refused` there",
        case=silent.two_states_at_once,
    ),
    Rule(
        "L104",
        "said-before",
        "an expectation that stands in the same minute already, with nothing done in between",
        "leave one of the two out, or do something between them",
        case=silent.said_before,
    ),
    Rule(
        "L201",
        "unused-workstation",
        "a workstation on which nothing ever happens, and that is no server",
        "let it launch, or leave it out",
        case=unused.workstations,
    ),
    Rule(
        "L202",
        "unused-server",
        "a server that nothing connects to, restores onto, or sets the clock of",
        "use it, or leave it out",
        case=unused.servers,
    ),
    Rule(
        "L203",
        "unused-user",
        "a user of the list who works nowhere and is assigned nothing",
        "let them work, or leave them out",
        case=unused.users,
    ),
    Rule(
        "L204",
        "title-twice",
        "a title that another file has too",
        "call it something that tells the two apart",
        suite=unused.titles,
    ),
    Rule(
        "L205",
        "same-rows",
        "two rows of `cases` that differ in nothing but their name",
        "leave one out, or give it the value that its name speaks of",
        story=unused.same_rows,
    ),
    Rule(
        "L301",
        "idle-window",
        "an `online` or `faults` window in which nobody asks the license server, or uses the database",
        "launch while it lasts, or leave it out",
        case=idle.windows,
    ),
    Rule(
        "L302",
        "step-twice",
        "a step that does and expects the same as the one before it, in the same minute",
        "leave one of the two out, or move it to another minute",
        case=idle.steps,
    ),
    Rule(
        "L303",
        "why-asks-nothing",
        "a `why` that is no question",
        "write the question that the story answers, with its question mark",
        story=silent.why_asks_nothing,
    ),
)


NOTHING_TO_IGNORE = Rule(
    "L001",
    "nothing-to-ignore",
    "a comment `# nexuslic: ignore=CODE` where that rule finds nothing",
    "leave the comment out, or correct its code",
)


def codes_of(words: Iterable[str]) -> set[str]:
    """The codes of rules that are named by code or by name. Raises InputError."""
    known = {word: rule.code for rule in (*RULES, NOTHING_TO_IGNORE) for word in (rule.code, rule.name)}
    asked = [part.strip() for word in words for part in word.split(",")]
    for word in asked:
        if word not in known:
            raise InputError(f"there is no rule `{word}`: {nearest(word, known)}")
    return {known[word] for word in asked}


def findings(subjects: Iterable[Subject], codes: Collection[str]) -> list[Finding]:
    """What the rules of these codes find and no comment waves through, by place."""
    every = list(subjects)
    order = {subject.story.file: number for number, subject in enumerate(every)}
    found = [_finding(rule, told) for rule in RULES if rule.code in codes for told in dict.fromkeys(_told(rule, every))]
    waved = {note: [one for one in found if note.means(one)] for subject in every for note in notes(subject.story)}
    there = [one for one in found if not any(one in those for those in waved.values())]
    idle = [note for note, those in waved.items() if not those and _asked(note.code, codes)]
    if NOTHING_TO_IGNORE.code in codes:
        there += [_finding(NOTHING_TO_IGNORE, Told(one.place, f"{one.code} finds nothing here")) for one in idle]
    return sorted(there, key=lambda one: (order[one.place.file], one.place.line, one.place.column, one.code))


def _asked(code: str, codes: Collection[str]) -> bool:
    """Whether a rule of that code had its say; one that there is not never has."""
    return code in codes or code not in {rule.code for rule in RULES}


def _finding(rule: Rule, told: Told) -> Finding:
    return Finding(told.place, rule.code, rule.name, told.problem, rule.hint)


def _told(rule: Rule, subjects: list[Subject]) -> Iterator[Told]:
    if rule.suite is not None:
        yield from rule.suite(subjects)
    for subject in subjects:
        if rule.story is not None:
            yield from rule.story(subject)
        if rule.case is not None:
            told = [list(rule.case(case, subject)) for case in subject.story.cases]
            everywhere = set.intersection(*({one.place for one in of_case} for of_case in told))
            yield from (one for of_case in told[:1] for one in of_case if one.place in everywhere)
