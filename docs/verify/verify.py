#!/usr/bin/env python3
"""Verifies an audit log without software of its operator. Needs Python 3 and `openssl`, no network.

    verify.py [--old CHECKPOINT] tiles DIR VKEY...    a directory with checkpoint, tile/ and tile/entries/
    verify.py [--entry FILE] proof FILE VKEY...       a .tlog-proof, and the entry's bytes if it does not hold them

The root is computed from the entries alone; every tile is compared with it. With --old, the first entries must be those
that an earlier checkpoint signed. VKEY is `name+id+base64`, from a source that you trust. Prints one line. Exit code 0:
everything holds; 1: the first fault, `FAULT kind at index: text`; 2: wrong usage. Formats: RFC 6962 and C2SP.
"""
import argparse, base64, hashlib, os, re, subprocess, sys, tempfile

class Fault(Exception):
    def __init__(self, kind, index, text): super().__init__(f"FAULT {kind} at {index}: {text}")

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def leaf_hash(entry): return sha(b"\0", entry)
def node_hash(left, right): return sha(b"\1", left, right)
def split(size): return 1 << ((size - 1).bit_length() - 1)  # the largest power of two below size

def root_of(hashes):
    """RFC 6962, 2.1. The hashes may be of full subtrees of one size; the last may be of a smaller one."""
    if len(hashes) == 1: return hashes[0]
    return node_hash(root_of(hashes[:split(len(hashes))]), root_of(hashes[split(len(hashes)):]))

def root_by_path(leaf, index, size, path):
    """RFC 6962, 2.1.1. None for a path of the wrong length."""
    if size == 1 or not path: return leaf if size == 1 and not path else None
    is_left, left = index < split(size), split(size)
    part = root_by_path(leaf, *((index, left) if is_left else (index - left, size - left)), path[:-1])
    return part and (node_hash(part, path[-1]) if is_left else node_hash(path[-1], part))

def read(path, kind="file", index="-"):
    try:
        with open(path, "rb") as file: return file.read()
    except OSError as error: raise Fault(kind, index, f"{path}: {error.strerror}")

def decode(text, size=None):
    """Strict base64 of `size` bytes; None for anything else."""
    try: value = base64.b64decode(text, validate=True)
    except ValueError: return None
    return value if base64.b64encode(value).decode() == text and size in (None, len(value)) else None

def read_key(text):
    name, ident, data = (text.split("+", 2) + ["", ""])[:3]
    key = decode(data, 33)
    if key is None or key[0] != 1 or ident != sha(name.encode(), b"\n", key)[:4].hex():
        raise argparse.ArgumentTypeError(f"not an Ed25519 verifier key: {text}")
    return name, bytes.fromhex(ident), key[1:]

def is_signed(message, signature, public_key):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "message", "signature")]
        for path, content in zip(paths, (bytes.fromhex("302a300506032b6570032100") + public_key, message, signature)):
            with open(path, "wb") as file: file.write(content)
        command = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey {0} -in {1} -sigfile {2}".split()
        return subprocess.run([part.format(*paths) for part in command], capture_output=True).returncode == 0

def open_checkpoint(note, keys, where):
    """Returns origin, size and root of a checkpoint that its log signed. Signatures of other keys are skipped."""
    text, found, lines = note.rpartition(b"\n\n")
    signers = set()
    for line in lines.decode("utf-8", "replace").removesuffix("\n").split("\n") if found else []:
        match = re.fullmatch("\u2014 (\\S+) (\\S+)", line)
        signature = decode(match[2]) if match else None
        if signature is None or len(signature) < 5: raise Fault("checkpoint", "-", f"{where}: malformed signature line")
        for name, ident, public_key in keys:
            if (name, ident) != (match[1], signature[:4]): continue
            if not is_signed(text + b"\n", signature[4:], public_key):
                raise Fault("checkpoint", "-", f"{where}: wrong signature of {name}")
            signers.add(name)
    match = re.match(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]+)(\n|$)", text.decode("utf-8", "replace"))
    root = decode(match[3], 32) if match else None
    if root is None: raise Fault("checkpoint", "-", f"{where}: malformed")
    if signers != {match[1]}: raise Fault("checkpoint", "-", f"{where}: of {match[1]}, signed by {', '.join(signers) or 'no given key'}")
    return match[1], int(match[2]), root

def tile_path(folder, level, number, width):
    digits = str(number).zfill(-(-len(str(number)) // 3) * 3)
    groups = ["x" + digits[at:at + 3] for at in range(0, len(digits) - 3, 3)] + [digits[-3:]]
    return os.path.join(folder, "tile", str(level), *groups) + ("" if width == 256 else f".p/{width}")

def read_bundle(folder, first, width):
    data, at = read(tile_path(folder, "entries", first // 256, width), "entries", first), 0
    for index in range(first, first + width):
        end = at + 2 + int.from_bytes(data[at:at + 2], "big")
        if max(end, at + 2) > len(data): raise Fault("entries", index, "the bundle is cut short")
        yield data[at + 2:end]
        at = end
    if at != len(data): raise Fault("entries", first + width, "the bundle holds more than its entries")

def check_tile(folder, level, first, hashes):
    data = read(path := tile_path(folder, level, first // 256 ** (level + 1), len(hashes)), "tile", first)
    for place, computed in enumerate(hashes):
        if data[32 * place:32 * place + 32] != computed:
            kind, index = "tile" if level else "leaf", first + place * 256 ** level
            raise Fault(kind, index, f"hash {place} of {path} is not that of the entries")
    if len(data) != 32 * len(hashes): raise Fault("tile", first, f"{path} has {len(data)} bytes")

def check_tiles(folder, keys, old_path):
    origin, size, root = open_checkpoint(read(os.path.join(folder, "checkpoint"), "checkpoint"), keys, "checkpoint")
    old = open_checkpoint(read(old_path, "checkpoint"), keys, old_path) if old_path else (origin, 0, sha())
    if old[0] != origin: raise Fault("checkpoint", "-", f"{old_path} is of {old[0]}, not of {origin}")
    if old[1] > size: raise Fault("growth", size, f"{old_path} signed {old[1]} entries, the newer checkpoint {size}")
    levels = [[]]  # of each level, the hashes of the tile that is not full yet

    def check_root(kind, count, signed):
        total = []
        for hashes in levels: total = [root_of(hashes + total)] if hashes or total else []
        if (total or [sha()])[0] != signed: raise Fault(kind, count, f"the root of {count} entries is not the signed one")

    if old[1] == 0: check_root("growth", 0, old[2])
    for first in range(0, size, 256):
        for index, entry in enumerate(read_bundle(folder, first, min(256, size - first)), first):
            levels[0].append(leaf_hash(entry))
            if index + 1 == old[1]: check_root("growth", old[1], old[2])
        for level in range(len(levels)):
            if len(levels[level]) < 256: break
            check_tile(folder, level, first + 256 - 256 ** (level + 1), levels[level])
            if level + 1 == len(levels): levels.append([])
            levels[level + 1].append(root_of(levels[level]))
            levels[level] = []
    for level, hashes in enumerate(levels):
        if hashes: check_tile(folder, level, size // 256 ** (level + 1) * 256 ** (level + 1), hashes)
    check_root("tree", size, root)
    return f"ok tiles {origin}: {size} entries"

def check_proof(path, keys, entry_path):
    head, _, note = read(path).partition(b"\n\n")
    pattern = r"c2sp\.org/tlog-proof@v1\n(?:extra (\S+)\n)?index (0|[1-9][0-9]{0,17})((?:\n\S+)*)"
    match = re.fullmatch(pattern, head.decode("utf-8", "replace"))
    hashes = [decode(line, 32) for line in match[3].split()] if match else [None]
    if None in hashes: raise Fault("proof", "-", f"{path}: malformed")
    index, entry = int(match[2]), read(entry_path) if entry_path else match[1] and decode(match[1])
    if entry is None: raise Fault("proof", index, f"{path} does not hold the entry: give it with --entry")
    origin, size, root = open_checkpoint(note, keys, path)
    if index >= size or root_by_path(leaf_hash(entry), index, size, hashes) != root:
        raise Fault("proof", index, f"the entry is not in the tree of the checkpoint, of {size} entries")
    return f"ok proof {origin}: entry {index} of {size}"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    for option in ("--old", "--entry"): parser.add_argument(option)
    parser.add_argument("check", choices=("tiles", "proof"))
    parser.add_argument("path")
    parser.add_argument("keys", nargs="+", type=read_key)
    given = parser.parse_args()
    try: print(check_tiles(given.path, given.keys, given.old) if given.check == "tiles" else
               check_proof(given.path, given.keys, given.entry))
    except Fault as fault: sys.exit(print(fault) or 1)
