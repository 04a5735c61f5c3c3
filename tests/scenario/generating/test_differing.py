"""A story that differs between two stages, made short while it differs in the same way."""

import attrs
import pytest

from nexuslic.scenario.generating.differing import Differs, differences, differs_like
from nexuslic.scenario.generating.respecify import respecify
from nexuslic.scenario.generating.shrink import shrink
from nexuslic.scenario.generating.tell import story
from nexuslic.scenario.generating.tree import trees
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.scenario.stage_simulated import SimulatedStage


class Forgetful(SimulatedStage):
    """A stage whose launches are never stored."""

    def _launch(self, *args, **named):
        return attrs.evolve(super()._launch(*args, **named), stored=False)


class Unable(SimulatedStage):
    """A stage that can do no story."""

    def begin(self, case):
        raise NotOnThisStage("never")


BOTH = (SimulatedStage, Forgetful)
TEXT = story("7", 1).text
FOUND = Differs("stored", "launch", "yes", "no")


def test_stages_that_do_the_same_do_not_differ():
    assert differences(TEXT, (SimulatedStage, SimulatedStage)) == ()


def test_a_difference_says_of_what_after_which_verb_and_both_sides():
    assert differences(TEXT, BOTH) == (FOUND,)
    assert str(FOUND) == "stored after launch: yes and no"


def test_what_a_stage_cannot_do_does_not_differ():
    assert differences(TEXT, (SimulatedStage, Unable)) == ()


def test_another_difference_is_not_the_same():
    assert not differs_like(Differs("cause", "launch", "dns", "refused"), BOTH)(TEXT)


class Dead(SimulatedStage):
    """A stage that has broken."""

    def begin(self, case):
        raise StageBroke("it is gone")


def test_a_stage_that_breaks_ends_the_shortening_and_is_no_answer():
    made = []

    def breaks_later():
        made.append(Forgetful() if len(made) < 2 else Dead())
        return made[-1]

    with pytest.raises(StageBroke, match="it is gone"):
        shrink(TEXT, differs_like(FOUND, (SimulatedStage, breaks_later)), respecify)


def test_a_difference_is_shown_by_a_few_steps_in_the_end():
    short = shrink(TEXT, differs_like(FOUND, BOTH), respecify)
    assert FOUND in differences(short, BOTH)
    ((_, tree),) = trees(short, "story")
    assert len([step for step in tree["steps"] if len(step) > 1]) <= 3
