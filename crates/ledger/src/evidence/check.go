// Checks an evidence pack with golang.org/x/mod/sumdb: the signatures, every file, every proof, and that these are all
// entries.
//
// Run it in the folder of the pack, with the key that you believe. It reads the pack and nothing else.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type link struct {
	Stream   string
	Version  int64
	Previous string
}

type envelope struct {
	Position int64
	Streams  []link
	Decision struct {
		Events []struct {
			Type                   string
			Streams, Relationships struct {
				Lines int64
				Root  string
			}
		}
	}
}

type proof struct {
	Stream     string
	Commitment struct {
		Checkpoint string
		Entry      string
		Path       []string
	}
	Line struct {
		Index int64
		Line  json.RawMessage
		Path  []string
	}
	Entries []struct{ Entry string }
}

type neighbour struct {
	Index int64
	Line  json.RawMessage
	Path  []string
}

type absence struct {
	Customer, Partner string
	Commitment        struct{ Entry string }
	Neighbours        struct{ Before, After *neighbour }
}

type tree struct {
	size int64
	root tlog.Hash
}

func must(err error, what string) {
	if err != nil {
		fmt.Printf("does not hold: %s: %v\n", what, err)
		os.Exit(4)
	}
}

func holds(true bool, what string) {
	if !true {
		must(fmt.Errorf("it is not so"), what)
	}
}

func read(name string) []byte {
	content, err := os.ReadFile(name)
	must(err, name)
	return content
}

func unhex(text string) (hash tlog.Hash) {
	decoded, err := hex.DecodeString(text)
	must(err, "a hash")
	holds(len(decoded) == tlog.HashSize, "a hash has 32 bytes")
	copy(hash[:], decoded)
	return hash
}

func unhexAll(texts []string) (hashes []tlog.Hash) {
	for _, text := range texts {
		hashes = append(hashes, unhex(text))
	}
	return hashes
}

// The hashes of a proof in lines of base64, up to the blank line.
func path(lines []string) (hashes []tlog.Hash) {
	for _, line := range lines {
		if line == "" {
			break
		}
		decoded, err := base64.StdEncoding.DecodeString(line)
		must(err, "a hash")
		hashes = append(hashes, unhex(hex.EncodeToString(decoded)))
	}
	return hashes
}

func checkpoint(signed []byte, key note.Verifier) tree {
	opened, err := note.Open(signed, note.VerifierList(key))
	must(err, "the checkpoint")
	return head(opened.Text, key)
}

// An older checkpoint may be by an older key. What you were given then is for you to compare.
func olderCheckpoint(name string, key note.Verifier) tree {
	opened, err := note.Open(read(name), note.VerifierList(key))
	if unverified, is := err.(*note.UnverifiedNoteError); is {
		fmt.Printf("signature: %s is by another key\n", name)
		return head(unverified.Note.Text, key)
	}
	must(err, name)
	return head(opened.Text, key)
}

func head(text string, key note.Verifier) tree {
	lines := strings.Split(text, "\n")
	holds(len(lines) == 4 && lines[0] == key.Name(), "the checkpoint is that of the log")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "the size")
	return tree{size, path(lines[2:])[0]}
}

// That the log has signed the manifest, and that the files are those of the manifest.
func listed(key note.Verifier) (count int) {
	opened, err := note.Open(read("manifest.note"), note.VerifierList(key))
	must(err, "manifest.note")
	lines := strings.Split(opened.Text, "\n")
	manifest := read("manifest.json")
	holds(len(lines) == 7 && lines[1] == "evidence pack v2" && lines[2] == key.Name(), "the log vouches for a manifest")
	holds(unhex(lines[5]) == tlog.Hash(sha256.Sum256(manifest)), "the log vouches for this manifest")
	var list struct{ Files []struct{ Name, Sha256 string } }
	must(json.Unmarshal(manifest, &list), "manifest.json")
	known := map[string]bool{"manifest.json": true, "manifest.note": true}
	for _, file := range list.Files {
		holds(unhex(file.Sha256) == tlog.Hash(sha256.Sum256(read(file.Name))), file.Name+" is as the manifest lists it")
		known[file.Name] = true
	}
	must(filepath.WalkDir(".", func(name string, file fs.DirEntry, err error) error {
		must(err, name)
		holds(file.IsDir() || known[filepath.ToSlash(name)], name+" is in the manifest")
		return nil
	}), "the files")
	return len(known)
}

func included(name string, head tree) (count int) {
	for _, line := range bytes.Split(bytes.TrimSuffix(read(name), []byte("\n")), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var entry envelope
		must(json.Unmarshal(line, &entry), name)
		file := fmt.Sprintf("proofs/%d.tlog-proof", entry.Position)
		hashes := path(strings.Split(string(read(file)), "\n")[2:])
		must(tlog.CheckRecord(hashes, head.size, head.root, entry.Position, tlog.RecordHash(line)), file)
		count++
	}
	return count
}

func consistent(head tree, key note.Verifier) (count int) {
	var answer struct {
		Basis struct {
			Tree_size int64
			Root      string
		}
	}
	must(json.Unmarshal(read("manifest.json"), &answer), "the basis")
	older := []tree{{answer.Basis.Tree_size, unhex(answer.Basis.Root)}}
	kept, err := filepath.Glob("checkpoints/*")
	must(err, "checkpoints")
	for _, name := range kept {
		older = append(older, olderCheckpoint(name, key))
	}
	for _, old := range older {
		file := fmt.Sprintf("consistency/%d-%d", old.size, head.size)
		hashes := path(strings.Split(string(read(file)), "\n")[1:])
		must(tlog.CheckTree(hashes, head.size, head.root, old.size, old.root), file)
		count++
	}
	return count
}

// That each pair of absence/ would stand between two neighbours of the list in the commitment of completeness.json.
func absent(entry string) (count int) {
	var commitment envelope
	must(json.Unmarshal([]byte(entry), &commitment), "the commitment")
	list := commitment.Decision.Events[0].Relationships
	names, err := filepath.Glob("absence/*")
	must(err, "absence")
	for _, name := range names {
		var never absence
		must(json.Unmarshal(read(name), &never), name)
		holds(never.Commitment.Entry == entry, "it rests on the same commitment")
		pair := "customer/" + never.Customer + "|partner/" + never.Partner
		next := int64(0)
		if before := never.Neighbours.Before; before != nil {
			holds(inList(before, list.Lines, list.Root) < pair, "the line before stands before the pair")
			next = before.Index + 1
		}
		if after := never.Neighbours.After; after != nil {
			holds(inList(after, list.Lines, list.Root) > pair && after.Index == next, "the line after follows")
		} else {
			holds(next == list.Lines, "the line before is the last")
		}
		count++
	}
	return count
}

func inList(one *neighbour, lines int64, root string) string {
	leaf := tlog.RecordHash(one.Line)
	must(tlog.CheckRecord(unhexAll(one.Path), lines, unhex(root), one.Index, leaf), "a line of the list")
	var line struct{ Key string }
	must(json.Unmarshal(one.Line, &line), "a line of the list")
	return line.Key
}

func complete(head tree, key note.Verifier) (string, int64, string) {
	var all proof
	must(json.Unmarshal(read("completeness.json"), &all), "completeness.json")
	holds(checkpoint([]byte(all.Commitment.Checkpoint), key) == head, "it rests on the same checkpoint")
	var commitment envelope
	must(json.Unmarshal([]byte(all.Commitment.Entry), &commitment), "the commitment")
	leaf := tlog.RecordHash([]byte(all.Commitment.Entry))
	must(tlog.CheckRecord(unhexAll(all.Commitment.Path), head.size, head.root, commitment.Position, leaf), "the commitment")
	events := commitment.Decision.Events
	holds(len(events) == 1 && events[0].Type == "StateCommitted", "the entry is a commitment")
	streams := events[0].Streams
	line := tlog.RecordHash(all.Line.Line)
	must(tlog.CheckRecord(unhexAll(all.Line.Path), streams.Lines, unhex(streams.Root), all.Line.Index, line), "the line")
	var end struct {
		Count  int64
		Head   string
		Stream string
	}
	must(json.Unmarshal(all.Line.Line, &end), "the line")
	holds(end.Stream == all.Stream && end.Count == int64(len(all.Entries)), "the line is that of the stream")
	named := end.Head
	packed := string(read("entries.jsonl"))
	for back, one := range all.Entries {
		leaf := tlog.RecordHash([]byte(one.Entry))
		holds(named == hex.EncodeToString(leaf[:]), "each entry names the one before it")
		holds(strings.Contains(packed, one.Entry+"\n"), "the pack has the entry")
		var entry envelope
		must(json.Unmarshal([]byte(one.Entry), &entry), "an entry")
		found := false
		for _, link := range entry.Streams {
			if link.Stream == all.Stream {
				found = link.Version == end.Count-1-int64(back)
				named = link.Previous
			}
		}
		holds(found, "each entry has its place in the stream")
	}
	holds(named == "", "the first entry has none before it")
	return all.Stream, end.Count, all.Commitment.Entry
}

func main() {
	if len(os.Args) != 2 {
		fmt.Println("the key of the log is missing")
		os.Exit(2)
	}
	key, err := note.NewVerifier(os.Args[1])
	must(err, "the key")
	head := checkpoint(read("checkpoint"), key)
	fmt.Printf("signature: %s has signed that it has %d entries\n", key.Name(), head.size)
	fmt.Printf("manifest: these are the %d files of the pack, and all\n", listed(key))
	fmt.Printf("inclusion: %d entries are in it\n", included("entries.jsonl", head)+included("keys.jsonl", head))
	fmt.Printf("consistency: it begins with %d older ones\n", consistent(head, key))
	stream, count, commitment := complete(head, key)
	fmt.Printf("completeness: %s has %d entries, and these are all\n", stream, count)
	fmt.Printf("absence: %d partners are not among those who ever had a relationship\n", absent(commitment))
}
