"""Proofs as RFC 6962, 2.1 defines them, word for word. Reads lines `inclusion INDEX SIZE` and `consistency OLD SIZE`;
writes for each the old root (or leaf), the root and the proof, in hex. Leaf number N hashes the digits of N."""
import functools, hashlib, sys


def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()


def split(size):
    k = 1
    while k * 2 < size: k *= 2
    return k


@functools.lru_cache(maxsize=None)
def mth(start, end):
    if end == start: return sha()
    if end - start == 1: return sha(b"\0", str(start).encode())
    k = start + split(end - start)
    return sha(b"\1", mth(start, k), mth(k, end))


def path(m, start, end):
    if end - start == 1: return []
    k = split(end - start)
    if m < k: return path(m, start, start + k) + [mth(start + k, end)]
    return path(m - k, start + k, end) + [mth(start, start + k)]


def subproof(m, start, end, whole):
    if m == end - start: return [] if whole else [mth(start, end)]
    k = split(end - start)
    if m <= k: return subproof(m, start, start + k, whole) + [mth(start + k, end)]
    return subproof(m - k, start + k, end, False) + [mth(start, start + k)]


for line in sys.stdin:
    kind, first, size = line.split()
    first, size = int(first), int(size)
    known, proof = (mth(first, first + 1), path(first, 0, size)) if kind == "inclusion" else (mth(0, first), subproof(first, 0, size, True))
    print(*(hash.hex() for hash in [known, mth(0, size), *proof]))
