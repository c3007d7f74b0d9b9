// Verifies an audit log without software of its operator, by golang.org/x/mod/sumdb of Debian. No network.
//
//	apt-get install golang-go golang-golang-x-mod-dev && GO111MODULE=off GOPATH=/usr/share/gocode go build verify.go
//	./verify [--old CHECKPOINT] tiles DIR VKEY...    a directory with checkpoint, tile/ and tile/entries/
//	./verify [--entry FILE] proof FILE VKEY...       a .tlog-proof, and the entry's bytes if it does not hold them
//
// The root is computed from the entries alone; every tile is compared with it. tlog.TileHashReader is not used: before
// v0.40.0 it accepts forged tiles (CVE-2026-56865). Checks and results are those of verify.py.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// hashes holds every hash of a tree, at its tlog.StoredHashIndex.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, index := range indexes {
		found = append(found, h[index])
	}
	return found, nil
}

func require(holds bool, kind string, index any, text string, values ...any) {
	if !holds {
		fmt.Printf("FAULT %s at %v: %s\n", kind, index, fmt.Sprintf(text, values...))
		os.Exit(map[bool]int{true: 2, false: 1}[kind == "usage"])
	}
}

// must names the fault of a call that failed.
func must[T any](value T, err error) func(kind string, index any) T {
	return func(kind string, index any) T {
		require(err == nil, kind, index, "%v", err)
		return value
	}
}

func openCheckpoint(data []byte, keys note.Verifiers, where string) (origin string, tree tlog.Tree) {
	opened, err := note.Open(data, keys)
	require(err == nil, "checkpoint", "-", "%s: %v", where, err)
	parts := regexp.MustCompile(`^([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]+)\n`).FindStringSubmatch(opened.Text)
	require(parts != nil, "checkpoint", "-", "%s: malformed", where)
	for _, signature := range opened.Sigs {
		require(signature.Name == parts[1], "checkpoint", "-", "%s: of %s, signed by %s", where, parts[1], signature.Name)
	}
	size, root := must(strconv.ParseInt(parts[2], 10, 64)), must(tlog.ParseHash(parts[3]))
	return parts[1], tlog.Tree{N: size("checkpoint", "-"), Hash: root("checkpoint", "-")}
}

func checkRoot(kind string, signed tlog.Tree, stored hashes) {
	root := must(tlog.TreeHash(signed.N, stored))(kind, signed.N)
	require(root == signed.Hash || signed == tlog.Tree{N: 0, Hash: sha256.Sum256(nil)}, kind, signed.N, "the root of %d entries is not the signed one", signed.N)
}

// pathOf returns the path of a tile, or of the bundle of entries of level -1: that of tlog without the height.
func pathOf(tile tlog.Tile) string {
	return "/tile/" + strings.Replace(strings.TrimPrefix(tile.Path(), "tile/8/"), "data/", "entries/", 1)
}

func readEntries(folder string, tile tlog.Tile, stored hashes) hashes {
	first, end := tile.N*256, tile.N*256+int64(tile.W)
	tile.L = -1
	bundle := must(os.ReadFile(folder+pathOf(tile)))("entries", first)
	for index := first; index < end; index++ {
		require(len(bundle) >= 2, "entries", index, "the bundle is cut short")
		length := 2 + int(bundle[0])<<8 + int(bundle[1])
		require(len(bundle) >= length, "entries", index, "the bundle is cut short")
		leaf := tlog.RecordHash(bundle[2:length])
		stored = append(stored, must(tlog.StoredHashesForRecordHash(index, leaf, stored))("entries", index)...)
		bundle = bundle[length:]
	}
	require(len(bundle) == 0, "entries", end, "the bundle holds more than its entries")
	return stored
}

// checkTile returns the hashes of the tree, with those of the entries beneath a tile of level 0.
func checkTile(folder string, tile tlog.Tile, stored hashes) hashes {
	if tile.L == 0 {
		stored = readEntries(folder, tile, stored)
	}
	first, kind := tile.N<<(8*tile.L+8), map[bool]string{true: "leaf", false: "tile"}[tile.L == 0]
	data, computed := must(os.ReadFile(folder+pathOf(tile)))("tile", first), must(tlog.ReadTileData(tile, stored))("tile", first)
	for at := range computed {
		require(at < len(data) && data[at] == computed[at], kind, first+int64(at/32)<<(8*tile.L),
			"hash %d of %s is not that of the entries", at/32, pathOf(tile))
	}
	require(len(data) == len(computed), "tile", first, "%s has %d bytes", pathOf(tile), len(data))
	return stored
}

func checkTiles(folder, oldPath string, keys note.Verifiers) string {
	origin, tree := openCheckpoint(must(os.ReadFile(folder+"/checkpoint"))("checkpoint", "-"), keys, "checkpoint")
	stored := hashes{}
	for _, tile := range tlog.NewTiles(8, 0, tree.N) { // the levels from below; of a tile that is not full, every width
		if tile.W == 256 || tile.N*256+int64(tile.W) == tree.N>>(8*tile.L) {
			stored = checkTile(folder, tile, stored)
		}
	}
	if oldPath != "" {
		oldOrigin, old := openCheckpoint(must(os.ReadFile(oldPath))("checkpoint", "-"), keys, oldPath)
		require(oldOrigin == origin, "checkpoint", "-", "%s is of %s, not of %s", oldPath, oldOrigin, origin)
		require(old.N <= tree.N, "growth", tree.N, "%s signed %d entries, the newer checkpoint %d", oldPath, old.N, tree.N)
		checkRoot("growth", old, stored)
	}
	checkRoot("tree", tree, stored)
	return fmt.Sprintf("ok tiles %s: %d entries", origin, tree.N)
}

func checkProof(path, entryPath string, keys note.Verifiers) string {
	head, signed, _ := strings.Cut(string(must(os.ReadFile(path))("file", "-")), "\n\n")
	pattern := regexp.MustCompile(`^c2sp\.org/tlog-proof@v1\n(?:extra (\S+)\n)?index (0|[1-9][0-9]{0,17})((?:\n\S+)*)$`)
	parts := pattern.FindStringSubmatch(head)
	require(parts != nil, "proof", "-", "%s: malformed", path)
	index := must(strconv.ParseInt(parts[2], 10, 64))("proof", "-")
	entry := must(base64.StdEncoding.DecodeString(parts[1]))("proof", index)
	if parts[1] == "" {
		entry = must(os.ReadFile(entryPath))("file", "--entry")
	}
	origin, tree := openCheckpoint([]byte(signed), keys, path)
	proof := tlog.RecordProof{}
	for _, text := range strings.Fields(parts[3]) {
		proof = append(proof, must(tlog.ParseHash(text))("proof", "-"))
	}
	must("", tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))("proof", index)
	return fmt.Sprintf("ok proof %s: entry %d of %d", origin, index, tree.N)
}

func main() {
	checks := map[string]func(string, string, note.Verifiers) string{"tiles": checkTiles, "proof": checkProof}
	other := flag.String("old", "", "an earlier checkpoint")
	flag.StringVar(other, "entry", "", "the bytes of the entry")
	flag.Parse()
	keys := []note.Verifier{}
	for place := 2; place < flag.NArg(); place++ {
		keys = append(keys, must(note.NewVerifier(flag.Arg(place)))("usage", "-"))
	}
	require(len(keys) > 0 && checks[flag.Arg(0)] != nil, "usage", "-", "tiles or proof, a path, and verifier keys")
	fmt.Println(checks[flag.Arg(0)](flag.Arg(1), *other, note.VerifierList(keys...)))
}
