"""Checks the RO-Crate in a bundle against what RO-Crate 1.2 requires of an attached crate: the metadata descriptor, the
root data entity and its properties, one flat graph in which every reference that is local resolves, and data entities
that lie in the archive with the size that is said. Prints what is wrong; the exit status is 0 where nothing is.

Usage: check_crate.py FILE.zip
"""

import hashlib
import json
import re
import sys
import urllib.parse
import zipfile

METADATA = "ro-crate-metadata.json"


def types(entity):
    found = entity.get("@type", [])
    return found if isinstance(found, list) else [found]


def references(value):
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def check(path):
    problems = []
    with zipfile.ZipFile(path) as archive:
        [name] = [n for n in archive.namelist() if re.fullmatch(rf"[^/]+/data/{METADATA}", n)]
        root_path = name.removesuffix(METADATA)
        crate = json.loads(archive.read(name).decode("utf-8"))
        contexts = crate.get("@context")
        contexts = contexts if isinstance(contexts, list) else [contexts]
        if "https://w3id.org/ro/crate/1.2/context" not in contexts:
            problems.append(f"@context is {contexts}")
        graph = crate.get("@graph")
        entities = {}
        for entity in graph:
            if not entity.get("@id") or not types(entity):
                problems.append(f"an entity without @id or @type: {entity}")
            elif entity["@id"] in entities:
                problems.append(f"two entities {entity['@id']}")
            else:
                entities[entity["@id"]] = entity
            # Flattened: a nested object is a reference and nothing more.
            for key, value in entity.items():
                for nested in references(value):
                    if set(nested) != {"@id"}:
                        problems.append(f"{entity['@id']} has {key} nested in it")

        descriptor = entities.get(METADATA, {})
        if types(descriptor) != ["CreativeWork"]:
            problems.append(f"the metadata descriptor has the type {types(descriptor)}")
        if descriptor.get("conformsTo") != {"@id": "https://w3id.org/ro/crate/1.2"}:
            problems.append(f"the metadata descriptor conforms to {descriptor.get('conformsTo')}")
        root_id = descriptor.get("about", {}).get("@id")
        if root_id != "./":
            problems.append(f"the metadata descriptor is about {root_id}")
        root = entities.get(root_id, {})
        if "Dataset" not in types(root):
            problems.append(f"the root data entity has the type {types(root)}")
        for required in ("name", "description", "datePublished", "license"):
            if not root.get(required):
                problems.append(f"the root data entity has no {required}")
        if re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", str(root.get("datePublished"))) is None:
            problems.append(f"datePublished is {root.get('datePublished')}")

        parts = {reference["@id"] for reference in root.get("hasPart", [])}
        for part in parts:
            if part not in entities:
                problems.append(f"hasPart names {part}, which is not described")
        for entity in entities.values():
            for key, value in entity.items():
                for reference in references(value):
                    target = reference.get("@id", "")
                    if target not in entities and not target.startswith("https://w3id.org/"):
                        problems.append(f"{entity['@id']}: {key} names {target}, which is not described")
            if "File" not in types(entity):
                continue
            if entity["@id"] not in parts:
                problems.append(f"{entity['@id']} is in no hasPart")
            # Only characters that a URI path may have.
            if re.fullmatch(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+", entity["@id"]) is None:
                problems.append(f"{entity['@id']} is no URI path")
            try:
                content = archive.read(root_path + urllib.parse.unquote(entity["@id"]))
            except KeyError:
                problems.append(f"{entity['@id']} is not in the archive")
                continue
            if entity.get("contentSize") != str(len(content)):
                problems.append(f"{entity['@id']}: contentSize {entity.get('contentSize')}")
            if entity.get("sha256") != hashlib.sha256(content).hexdigest():
                problems.append(f"{entity['@id']}: another SHA-256")
        described = {urllib.parse.unquote(e["@id"]) for e in entities.values() if "File" in types(e)}
        present = {n.removeprefix(root_path) for n in archive.namelist() if n.startswith(root_path)}
        for left in sorted(present - described - {METADATA}):
            problems.append(f"{left} is in the archive and not described")
    return problems


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found))
    sys.exit(1 if found else 0)
