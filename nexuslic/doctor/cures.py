"""What to do about each cause of no contact, in the order in which it is worth trying."""

from nexuslic.rules.words import Cause

MEANWHILE = "Until then, let another workstation of this database make contact, or use a renewal code."
SIGN_IN = (
    "Sign in to this network first: open any page in a web browser, accept the terms, then run the doctor again.",
    MEANWHILE,
)
"""What to do about a captive portal."""

RENEW = "Let another workstation of this database make contact, or use a renewal code."

OLD_TLS = (
    RENEW,
    "Move the workstation to a newer system, or the application to a version that offers TLS 1.2.",
    "Only for an application that offers SSL 3.0 and TLS 1.0 alone: an administrator turns TLS 1.0 on in Windows, "
    "after a backup of the registry. nexuslic itself reads no key of the registry: none changes what it does.",
    "SSL 3.0 only if the vendor insists: it is broken (POODLE).",
)
"""What to do where no version of TLS is in common (the order of docs/how-to/windows-7.md)."""

CUT = (
    "See whether this network has to be signed in to, in a web browser.",
    "Ask whoever runs this network whether a firewall or a proxy cuts TLS connections to that address.",
    MEANWHILE,
)
"""What to do where a handshake fails although the versions are not what is wrong."""

CURES: dict[Cause, tuple[str, ...]] = {
    Cause.OFFLINE: ("Connect this computer to a network: the cable, the Wi-Fi, the satellite link.", MEANWHILE),
    Cause.DNS: (
        "See whether this network leads to the internet at all, and which name server it gives to this computer.",
        "If only this name is unknown, ask the vendor whether the vendor bundle is still right.",
        MEANWHILE,
    ),
    Cause.REFUSED: (
        "Ask whoever runs this network to let the application through to that address and port.",
        "If they do, tell the vendor that the license server is not running.",
        MEANWHILE,
    ),
    Cause.TIMEOUT: (
        "Try again: a slow link may need a second attempt.",
        "Ask whoever runs this network whether a firewall drops connections to that address and port.",
        MEANWHILE,
    ),
    Cause.TLS_PROTOCOL: OLD_TLS,
    Cause.TLS_CERTIFICATE: (
        "See whether this network has to be signed in to, in a web browser.",
        "Ask whoever runs this network whether a proxy or a virus scanner opens TLS: it must leave this address alone.",
        MEANWHILE,
    ),
    Cause.PROXY: (
        "Ask whoever runs the proxy to let the application through to the license server, and correct the system's "
        "proxy setting where it is wrong.",
        MEANWHILE,
    ),
    Cause.SERVER_ERROR: ("Try again later; if it stays, tell the vendor.", MEANWHILE),
    Cause.UNTRUSTED_REPLY: (
        "See whether this network has to be signed in to, in a web browser.",
        "Use the vendor bundle that came with this application; an older or a foreign one knows other keys.",
        "If both are right, tell the vendor what was answered.",
        MEANWHILE,
    ),
}
"""What to do where nothing more is known than the cause."""
