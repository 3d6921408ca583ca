"""Checks what a bundle says about places in its files by the text of the W3C Web Annotation Data Model
(https://www.w3.org/TR/annotation-model/), with nothing of Stint: python3 check_annotations.py BUNDLE

Prints each fault, and exits with status 1 where there is one. Knows as much of the model as bundles use.
"""

import json
import re
import sys
import zipfile
from datetime import datetime
from urllib.parse import unquote
from xml.etree import ElementTree

MOTIVATIONS = {  # section 3.3.5
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
    "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging",
}
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
faults = []


def expect(holds, message):
    if not holds:
        faults.append(message)
    return holds


def check_text(selectors, text, name):
    """Sections 4.2.4 and 4.2.5: positions count characters, which are Unicode code points."""
    quotes = [one for one in selectors if one["type"] == "TextQuoteSelector"]
    positions = [one for one in selectors if one["type"] == "TextPositionSelector"]
    for position in positions:
        expect(0 <= position["start"] < position["end"] <= len(text), f"{name}: a position outside of the text")
        for quote in quotes:
            found = text[position["start"] : position["end"]]
            expect(found == quote["exact"], f"{name}: {found!r} stands where {quote['exact']!r} is quoted")
    for quote in quotes:
        whole = quote.get("prefix", "") + quote["exact"] + quote.get("suffix", "")
        expect(whole in text, f"{name}: {whole!r} is not in the text")


def check_fragment(selector, name):
    """Section 4.2.1: the fragment by the specification that it says it conforms to."""
    value, conforms_to = selector["value"], selector.get("conformsTo")
    if conforms_to == MEDIA_FRAGMENTS:
        match = re.fullmatch(r"xywh=percent:([\d.]+),([\d.]+),([\d.]+),([\d.]+)", value)
        if expect(match, f"{name}: {value!r} is no spatial media fragment"):
            x, y, width, height = map(float, match.groups())
            expect(x + width <= 100 and y + height <= 100, f"{name}: {value!r} leaves the picture")
    elif conforms_to == PDF_FRAGMENTS:
        parts = dict(part.split("=", 1) for part in value.split("&"))
        expect(int(parts.get("page", 0)) >= 1, f"{name}: {value!r} names no page")
        if "viewrect" in parts:
            expect(len(parts["viewrect"].split(",")) == 4, f"{name}: {value!r} has no rectangle")
    else:
        faults.append(f"{name}: fragments of {conforms_to!r} are not known")


def check_selector(selector, name):
    kind = selector.get("type")
    if kind == "FragmentSelector":
        check_fragment(selector, name)
    elif kind == "SvgSelector":
        root = ElementTree.fromstring(selector["value"])
        expect(root.tag == "{http://www.w3.org/2000/svg}svg", f"{name}: no SVG")
    else:
        expect(kind in ("TextQuoteSelector", "TextPositionSelector"), f"{name}: {kind!r} is no selector")


def check_annotation(annotation, read):
    name = annotation.get("id", "?")
    expect(annotation.get("@context") == "http://www.w3.org/ns/anno.jsonld", f"{name}: another context")
    expect(re.match(r"[a-z][a-z0-9+.-]*:", name), f"{name}: its id is no IRI")
    expect(annotation.get("type") == "Annotation", f"{name}: no annotation")
    expect(annotation.get("motivation") in MOTIVATIONS, f"{name}: no motivation of the model")
    expect(datetime.fromisoformat(annotation["created"].replace("Z", "+00:00")).tzinfo, f"{name}: no time")
    expect(annotation["creator"]["type"] in ("Person", "Organization", "Software"), f"{name}: no agent")
    body = annotation["body"]
    expect(body["type"] == "TextualBody" and body["value"], f"{name}: says nothing")
    expect(re.fullmatch(r"\w+/[\w.+-]+", body["format"]), f"{name}: no media type")
    targets = annotation["target"]
    expect(targets, f"{name}: about nothing")
    for target in targets:
        if isinstance(target, str):
            continue
        expect(target["type"] == "SpecificResource", f"{name}: no specific resource")
        content = read(unquote(target["source"]))
        if not expect(content is not None, f"{name}: {target['source']} is not in the bundle"):
            continue
        for selector in target["selector"]:
            check_selector(selector, name)
        if any(one["type"].startswith("Text") for one in target["selector"]):
            check_text(target["selector"], content.decode("utf-8"), name)


with zipfile.ZipFile(sys.argv[1]) as archive:
    names = archive.namelist()
    lists = [name for name in names if name.endswith("annotations.jsonld")]
    expect(lists, "no annotations")
    for path in lists:
        folder = path[: -len("annotations.jsonld")]
        annotations = json.loads(archive.read(path))
        expect(len({one["id"] for one in annotations}) == len(annotations), f"{path}: an id twice")
        for one in annotations:
            check_annotation(one, lambda source: archive.read(folder + source) if folder + source in names else None)
        print(f"{len(annotations)} annotations", file=sys.stderr)

for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
