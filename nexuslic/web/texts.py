"""Every text of the frame that the screens share, in one place, so that it can be translated."""

from typing import Final

PRODUCT: Final = "nexuslic"
SKIP: Final = "To the content"
SCREENS: Final = (
    ("/license", "License", "What was retrieved, how it stands, who holds seats, and what to do."),
    ("/voyage", "Voyage planner", "When the application stops at sea, and what prevents it."),
    ("/lab", "Policy lab", "What a grace period does to the people aboard, before it ships."),
)
NAVIGATION: Final = "Screens"
HOME: Final = "What would you like to look at?"
TROUBLE: Final = "That did not work"
BROKE: Final = "nexuslic broke ({}); please report this with what you did."
NO_PAGE: Final = "There is no such page."
BACK: Final = "Back to the screens"
OFFLINE: Final = "nexuslic itself does not answer any more: was it ended? Start it again with `nexuslic web`."
WORKING: Final = "Working…"
