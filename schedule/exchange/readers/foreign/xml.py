"""XML from strangers: no document types, no entities, nothing fetched."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from schedule.exchange.incoming.records import Unreadable


def root_of(data: bytes) -> Element:
    """The root of a document. Raises `Unreadable` for what is none, and for one with a DOCTYPE or entities."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as refused:
        raise Unreadable("xml_doctype") from refused
    except ParseError as broken:
        line, column = broken.position
        raise Unreadable("not_xml", line=line, column=column) from broken
    except (ValueError, LookupError) as broken:  # an encoding nobody has
        raise Unreadable("not_xml", line=1, column=0) from broken
    return root
