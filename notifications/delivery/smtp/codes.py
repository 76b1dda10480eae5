"""What a mail server's refusal says about the address: whether there is a mailbox to write to at all."""

from __future__ import annotations

import re

# Enhanced status codes (RFC 3463, RFC 7505) that speak of the mailbox or its domain, not of this mail or of us.
NO_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# They say nothing: servers that pass on what another one said put them before its own code, or before mere words.
UNSPECIFIC = frozenset({"5.0.0", "5.1.0"})
# Codes that mean it by themselves (RFC 7504: the host, or the domain, takes no mail).
NO_MAIL_HERE = frozenset({521, 556})
# Without an enhanced code 550 is said of everything from a blocked sender to a full disk; then only words decide.
PERHAPS_NO_MAILBOX = frozenset({550, 551, 553})
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_WORDS = re.compile(
    r"no such (user|mailbox|recipient|address|person)|(user|recipient|mailbox|address|account)( is)? unknown"
    r"|unknown (user|recipient|mailbox|address|account|local part)|(user|mailbox|account|address) not found"
    r"|does(n't| not) exist|no mailbox here|not a valid mailbox|invalid (recipient|mailbox)"
    r"|존재하지 않|없는 (사용자|계정|메일|주소|수신자)|(사용자|계정|주소|수신자|받는 사람)[을를] 찾을 수 없",
    re.IGNORECASE,
)

# Words of a full mailbox go before those: there is one, and it may be emptied.
_FULL = re.compile(r"quota|out of storage|(mailbox|inbox)( is)? full|full mailbox|가득|용량.{0,10}초과", re.IGNORECASE)


def enhanced_code(text: str) -> str:
    """The first enhanced status code in a server's words that says something, or "" where there is none."""
    return next((found for found in _ENHANCED.findall(text) if found not in UNSPECIFIC), "")


def no_mailbox(code: int, text: str) -> bool:
    """Whether a final refusal means that the address takes no mail, whoever writes. Full mailboxes and spam do not."""
    if code in NO_MAIL_HERE:
        return True
    if enhanced := enhanced_code(text):
        return enhanced in NO_MAILBOX
    return code in PERHAPS_NO_MAILBOX and not _FULL.search(text) and _WORDS.search(text) is not None
