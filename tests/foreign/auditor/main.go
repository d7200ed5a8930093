// What an auditor runs who has never seen this program: Go's own packages for signed notes and transparency logs
// read the checkpoints, proofs and tiles that the ledger gave out.
//
//	auditor checkpoint KEY NOTE
//	auditor inclusion KEY PROOF ENTRY
//	auditor consistency KEY OLD PROOF
//	auditor tiles KEY FOLDER
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// height says that a tile has 256 hashes.
const height = 8

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("good")
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("what should be checked?")
	}
	key, rest := args[1], args[2:]
	switch {
	case args[0] == "checkpoint" && len(rest) == 1:
		_, err := checkpoint(key, rest[0])
		return err
	case args[0] == "inclusion" && len(rest) == 2:
		return inclusion(key, rest[0], rest[1])
	case args[0] == "consistency" && len(rest) == 2:
		return consistency(key, rest[0], rest[1])
	case args[0] == "tiles" && len(rest) == 1:
		return tiles(key, rest[0])
	}
	return fmt.Errorf("%q cannot be checked", args)
}

// opened is the tree of a note that the key has signed.
func opened(key string, bytes []byte) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(bytes, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), signed.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func checkpoint(key, path string) (tlog.Tree, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	return opened(key, bytes)
}

// parted are the lines above the first blank one, and the note below it.
func parted(path string) ([]string, []byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	above, below, found := bytes.Cut(text, []byte("\n\n"))
	if !found {
		return nil, nil, fmt.Errorf("%s has no blank line", path)
	}
	return strings.Split(string(above), "\n"), below, nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		all = append(all, hash)
	}
	return all, nil
}

func inclusion(key, proof, entry string) error {
	lines, signed, err := parted(proof)
	if err != nil {
		return err
	}
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("not a proof: %q", lines[0])
	}
	lines = lines[1:]
	content, err := os.ReadFile(entry)
	if err != nil {
		return err
	}
	content = bytes.TrimSuffix(content, []byte("\n"))
	if strings.HasPrefix(lines[0], "extra ") {
		carried, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra "))
		if err != nil || !bytes.Equal(carried, content) {
			return fmt.Errorf("it carries another entry: %v", err)
		}
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	tree, err := opened(key, signed)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(path), tree.N, tree.Hash, index, tlog.RecordHash(content))
}

func consistency(key, old, proof string) error {
	before, err := checkpoint(key, old)
	if err != nil {
		return err
	}
	lines, signed, err := parted(proof)
	if err != nil {
		return err
	}
	if lines[0] != fmt.Sprintf("old %d", before.N) {
		return fmt.Errorf("it begins with %q, not at size %d", lines[0], before.N)
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	tree, err := opened(key, signed)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(path), tree.N, tree.Hash, before.N, before.Hash)
}

// folder reads tiles from files; its paths do not name the height.
type folder string

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(f), filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		read = append(read, bytes)
	}
	return read, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// tiles reads every entry of the log and compares its hash with the tree of the checkpoint.
func tiles(key, path string) error {
	tree, err := checkpoint(key, filepath.Join(path, "checkpoint"))
	if err != nil {
		return err
	}
	var indexes []int64
	var records []tlog.Hash
	for start := int64(0); start < tree.N; start += 1 << height {
		width := tree.N - start
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: -1, N: start >> height, W: int(width)}
		name := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
		entries, err := os.ReadFile(filepath.Join(path, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		for n := int64(0); n < width; n++ {
			if len(entries) < 2 {
				return fmt.Errorf("%s ends early", name)
			}
			length := int(binary.BigEndian.Uint16(entries))
			if len(entries) < 2+length {
				return fmt.Errorf("%s ends early", name)
			}
			indexes = append(indexes, tlog.StoredHashIndex(0, start+n))
			records = append(records, tlog.RecordHash(entries[2:2+length]))
			entries = entries[2+length:]
		}
		if len(entries) > 0 {
			return fmt.Errorf("%s has %d bytes too many", name, len(entries))
		}
	}
	stored, err := tlog.TileHashReader(tree, folder(path)).ReadHashes(indexes)
	if err != nil {
		return err
	}
	for n, record := range records {
		if stored[n] != record {
			return fmt.Errorf("entry %d has another hash than its leaf", n)
		}
	}
	return nil
}
