//! A document as Markdown that reads well unrendered: headings, tables, and links to the entries at its end.

use std::fmt::Write as _;

use crate::document::{Block, Cell, Document, Links, Pairs, Phrase, Piece, Table};
use crate::visible;

/// Writes a document.
pub(crate) fn write(document: &Document) -> String {
    let mut page = Page { text: String::new(), links: document.links };
    page.line(&format!("# {}", page.phrase(&document.title)));
    page.pairs(&document.head);
    page.line("## Contents");
    let contents: Vec<String> =
        document.sections.iter().map(|section| format!("- [{}](#{})", section.title, section.anchor())).collect();
    page.line(&contents.join("\n"));
    for section in &document.sections {
        page.line(&format!("## {}", section.title));
        section.blocks.iter().for_each(|block| page.block(block));
    }
    page.text.truncate(page.text.trim_end().len());
    page.text.push('\n');
    page.text
}

struct Page {
    text: String,
    links: Links,
}

impl Page {
    /// A block of lines, and an empty one after it.
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(anchor, phrase) => {
                self.line(&format!("<a id=\"{anchor}\"></a>\n\n### {}", self.phrase(phrase)));
            }
            Block::Sentence(phrase) => self.line(&self.phrase(phrase)),
            Block::List(phrases) => {
                let items: Vec<String> = phrases.iter().map(|phrase| format!("- {}", self.phrase(phrase))).collect();
                self.line(&items.join("\n"));
            }
            Block::Pairs(pairs) => self.pairs(pairs),
            Block::Table(table) => self.table(table),
            Block::Picture(_) => self.line(
                "The picture itself is in the HTML form of this dossier, and `--svg` writes it to a file; \
                 the table says the same.",
            ),
            Block::Shell(commands) => {
                let commands: Vec<String> = commands.iter().map(|command| visible::text(command)).collect();
                self.line(&format!("```sh\n{}\n```", commands.join("\n")));
            }
        }
    }

    /// Names and what is said of each; what no source says is left out.
    fn pairs(&mut self, pairs: &Pairs) {
        let mut rows = String::from("| what | said |\n|---|---|");
        for (name, cell) in pairs.rows.iter().filter(|(_, cell)| !cell.said.is_empty()) {
            // Writing to a string cannot fail.
            write!(rows, "\n| {name} | {} |", self.cell(cell)).unwrap_or_default();
        }
        self.line(&rows);
    }

    fn table(&mut self, table: &Table) {
        self.line(&format!("{}:", escaped(&table.caption)));
        let mut rows = format!("| {} |\n|{}", table.columns.join(" | "), "---|".repeat(table.columns.len()));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell)).collect();
            write!(rows, "\n| {} |", cells.join(" | ")).unwrap_or_default();
        }
        self.line(&rows);
    }

    fn cell(&self, cell: &Cell) -> String {
        let said = if cell.said.is_empty() { "–".to_owned() } else { self.phrase(&cell.said) };
        if cell.by.is_empty() {
            return said;
        }
        let by: Vec<String> = cell.by.iter().map(|position| self.position(*position)).collect();
        format!("{said} {}", by.join(" "))
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        phrase.0.iter().map(|piece| self.piece(piece)).collect()
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) | Piece::Name(text) | Piece::Mark(_, text) => escaped(text),
            Piece::Code(text) => code(text),
            Piece::Strong(text) => format!("**{}**", escaped(text)),
            Piece::At(at) => crate::instant::text(*at),
            Piece::Entry(position) => self.position(*position),
            Piece::Place(anchor, text) => format!("[{}](#{anchor})", escaped(text)),
        }
    }

    fn position(&self, position: u64) -> String {
        match self.links.place(position) {
            Some(place) => format!("[[{position}]]({place})"),
            None => format!("\\[{position}\\]"),
        }
    }
}

/// A word of the program as code; one from outside that would end the code is written as text.
fn code(text: &str) -> String {
    let text = visible::text(text);
    if text.is_empty() || text.contains(['`', '|', '\\']) { escaped(&text) } else { format!("`{text}`") }
}

/// Text in which nothing is markup, whoever wrote it.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in visible::text(text).chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' => {
                written.push('\\');
                written.push(character);
            }
            _ => written.push(character),
        }
    }
    written
}

#[cfg(test)]
mod tests;
