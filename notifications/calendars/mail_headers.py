"""Headers of mails as bytes, the same on every version of Python.

The standard library's own folding loses blanks, or runs words together that must be apart, depending on the version
(gh-92081, gh-144156), and encodes a web address that is longer than a line, which no mail program then follows. Here
what is ASCII stays as it is and is folded at its blanks, and all else is written in words of RFC 2047. Only for what
stands before the @ of an address there are no such words: a policy with `utf8` writes it in UTF-8 (RFC 6532), any other
refuses it.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy

# RFC 5322 2.1.1: a line should hold 78 characters at most, and must hold no more than 998.
_LINE, _LONGEST = 78, 998
# A blank belongs to the word after it: unfolding takes away the line break alone (RFC 5322 2.2.3).
_WORD = re.compile(r"\s*\S+")


def folded(policy: EmailPolicy[EmailMessage], name: str, value: str) -> bytes:
    """Write one header. Its first line is never empty, and blanks stay where they are.

    Raises UnicodeEncodeError for an address with other letters than ASCII, unless the policy is one of UTF-8.
    """
    if isinstance(value, AddressHeader):
        written = ",\n ".join(_mailbox(name, one) for one in value.addresses)
    else:
        written = _in_lines(name, value) or _in_words(name, value)
    return f"{name}: {written}\n".replace("\n", policy.linesep).encode("utf-8" if policy.utf8 else "ascii")


def _mailbox(name: str, address: Address) -> str:
    if not address.display_name:
        return address.addr_spec
    return _in_lines(name, str(address)) or f"{_in_words(name, address.display_name)}\n <{address.addr_spec}>"


def _in_lines(name: str, text: str) -> str:
    """Text as it is, folded at its blanks; empty where it cannot be."""
    if not text.isascii():
        return ""
    first, *others = _WORD.findall(f" {text}") or [""]
    # What stands first stays beside the header's name, however long it is.
    lines = [f"{name}:{first}"]
    for word in others:
        if len(lines[-1]) + len(word) <= _LINE:
            lines[-1] += word
        else:
            lines.append(word)
    return "" if max(map(len, lines)) > _LONGEST else "\n".join(lines).removeprefix(f"{name}: ")


def _in_words(name: str, text: str) -> str:
    # An encoded word has at most 75 characters (RFC 2047 2); the default lets it have one more.
    return Header(text, "utf-8", maxlinelen=75, header_name=name).encode()
