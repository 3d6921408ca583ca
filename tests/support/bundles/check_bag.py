"""Checks a bag in a ZIP, from the text of RFC 8493 alone and with Python's own zipfile: a reader that shares nothing
with the program that wrote it. Prints one line for each thing that is wrong; the exit status is 0 where nothing is.

Usage: check_bag.py FILE.zip
"""

import hashlib
import re
import sys
import urllib.parse
import zipfile


def check(path):
    problems = []
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged is not None:
            problems.append(f"zipfile: {damaged} has a wrong CRC-32")
        names = archive.namelist()
        if len(names) != len(set(names)):
            problems.append("zipfile: two entries of one name")
        # Section 4: serialized, a bag is one folder that holds everything.
        tops = {name.split("/", 1)[0] for name in names}
        if len(tops) != 1:
            problems.append(f"4: {len(tops)} entries at the top, expected one folder")
            return problems
        base = tops.pop() + "/"
        files = {name[len(base):]: name for name in names if not name.endswith("/")}

        # Section 2.1.1: bagit.txt has exactly two lines, in UTF-8 without a byte order mark.
        if "bagit.txt" not in files:
            return problems + ["2.1.1: no bagit.txt"]
        declaration = archive.read(files["bagit.txt"])
        if declaration.startswith(b"\xef\xbb\xbf"):
            problems.append("2.1.1: bagit.txt begins with a byte order mark")
        lines = declaration.decode("utf-8").splitlines()
        if len(lines) != 2 or lines[0] != "BagIt-Version: 1.0":
            problems.append(f"2.1.1: bagit.txt says {lines!r}")
        encoding = lines[1].split(": ", 1)[1]

        # Section 2.1.3: at least one payload manifest; each lists every payload file exactly once.
        payload = {name for name in files if name.startswith("data/")}
        manifests = [n for n in files if re.fullmatch(r"manifest-[a-z0-9]+\.txt", n)]
        if not manifests:
            problems.append("2.1.3: no payload manifest")
        for manifest in manifests:
            listed = read_manifest(archive, files, manifest, encoding, problems)
            for name in sorted(payload - set(listed)):
                problems.append(f"2.1.3: {manifest} does not list {name}")
            for name in sorted(set(listed) - payload):
                problems.append(f"3: {name} is missing")
            compare(archive, files, manifest, listed, problems)

        # Section 2.2.1: tag manifests list tag files; every payload manifest is in each of them.
        for manifest in [n for n in files if re.fullmatch(r"tagmanifest-[a-z0-9]+\.txt", n)]:
            listed = read_manifest(archive, files, manifest, encoding, problems)
            for name in manifests:
                if name not in listed:
                    problems.append(f"2.2.1: {manifest} does not list {name}")
            for name in listed:
                if name.startswith("data/"):
                    problems.append(f"2.2.1: {manifest} lists the payload file {name}")
                if name not in files:
                    problems.append(f"3: {name} is missing")
            compare(archive, files, manifest, listed, problems)

        # Section 2.2.2: Payload-Oxum is the octets and the files of the payload.
        if "bag-info.txt" in files:
            info = archive.read(files["bag-info.txt"]).decode(encoding)
            for line in info.splitlines():
                if re.fullmatch(r"[^:\s][^:]*: .*|[ \t].*", line) is None:
                    problems.append(f"2.2.2: bag-info.txt has the line {line!r}")
            sums = re.findall(r"^Payload-Oxum: (\d+)\.(\d+)$", info, re.M)
            octets = sum(archive.getinfo(files[name]).file_size for name in payload)
            if sums != [(str(octets), str(len(payload)))]:
                problems.append(f"2.2.2: Payload-Oxum {sums}, found {octets}.{len(payload)}")
            dates = re.findall(r"^Bagging-Date: (.*)$", info, re.M)
            if any(re.fullmatch(r"\d{4}-\d\d-\d\d", date) is None for date in dates):
                problems.append(f"2.2.2: Bagging-Date {dates}")
    return problems


def read_manifest(archive, files, manifest, encoding, problems):
    listed = {}
    for line in archive.read(files[manifest]).decode(encoding).splitlines():
        match = re.fullmatch(r"([0-9a-fA-F]+)[ \t]+\*?(.+)", line)
        if match is None:
            problems.append(f"2.1.3: {manifest} has the line {line!r}")
            continue
        # Section 2.1.3: CR, LF and % are percent-encoded, and nothing else.
        name = re.sub(r"%(0[AaDd]|25)", lambda m: urllib.parse.unquote(m.group(0)), match.group(2))
        if name.startswith(("/", "~")) or ".." in name.split("/"):
            problems.append(f"5.1.1: {manifest} lists the path {name}")
        if name in listed:
            problems.append(f"2.1.3: {manifest} lists {name} twice")
        listed[name] = match.group(1).lower()
    return listed


def compare(archive, files, manifest, listed, problems):
    algorithm = manifest.rsplit("-", 1)[1].removesuffix(".txt")
    for name, digest in listed.items():
        if name not in files:
            continue
        found = hashlib.new(algorithm)
        with archive.open(files[name]) as stream:
            while block := stream.read(1 << 20):
                found.update(block)
        if found.hexdigest() != digest:
            problems.append(f"3: {name} is not what {manifest} says")


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found))
    sys.exit(1 if found else 0)
