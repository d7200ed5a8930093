//! A document as one self-contained HTML page: no script, nothing fetched, readable on paper and by ear.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::document::{Block, Cell, Document, Links, Pairs, Phrase, Piece, Section, Table};
use crate::picture::{self, Picture};
use crate::{palette, visible};

const STYLE: &str = include_str!("html/page.css");

/// What the page may load: its own style, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a document.
pub(crate) fn write(document: &Document) -> String {
    let page = Page { links: document.links };
    let style = style();
    let written = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                title { (document.title.plain()) }
                style { (PreEscaped(style)) }
            }
            body {
                a class="skip" href="#summary" { "Skip to the summary" }
                "\n"
                header {
                    h1 { (page.phrase(&document.title)) }
                    (page.pairs(&document.head))
                    nav aria-label="Contents" { (contents(&document.sections)) }
                }
                "\n"
                main { @for section in &document.sections { (page.section(section)) } }
                footer {
                    p { "Written by ofrecord. All instants are in UTC. "
                        "A number in brackets is the position of an entry that says what stands before it." }
                }
            }
        }
    };
    let mut text = written.into_string();
    text.push('\n');
    text
}

/// The style of every page that shows sections: colours, tables and pictures.
#[must_use]
pub fn style() -> String {
    format!("{}{STYLE}{}", palette::style(), picture::style())
}

/// Writes a section alone, for a page that brings the rest.
pub(crate) fn part(section: &Section, links: Links) -> String {
    Page { links }.section(section).into_string()
}

/// Writes what stands below a title alone.
pub(crate) fn head(pairs: &Pairs, links: Links) -> String {
    Page { links }.pairs(pairs).into_string()
}

fn contents(sections: &[Section]) -> Markup {
    html! {
        ul {
            @for section in sections {
                "\n"
                li { a href=(format!("#{}", section.anchor())) { (section.title) } }
            }
        }
    }
}

struct Page {
    links: Links,
}

impl Page {
    fn section(&self, section: &Section) -> Markup {
        let anchor = section.anchor();
        let heading = format!("{anchor}-heading");
        html! {
            section id=(anchor) aria-labelledby=(heading) {
                h2 id=(heading) { (section.title) }
                @for block in &section.blocks { "\n" (self.block(block)) }
                "\n"
            }
            "\n"
        }
    }

    fn block(&self, block: &Block) -> Markup {
        match block {
            Block::Heading(anchor, phrase) => html! { h3 id=(anchor) { (self.phrase(phrase)) } },
            Block::Sentence(phrase) => html! { p { (self.phrase(phrase)) } },
            Block::List(phrases) => html! { ul { @for phrase in phrases { "\n" li { (self.phrase(phrase)) } } } },
            Block::Pairs(pairs) => self.pairs(pairs),
            Block::Table(table) => self.table(table),
            Block::Picture(picture) => self.picture(picture),
            Block::Shell(commands) => {
                html! { pre { code { @for command in commands { (visible::text(command)) "\n" } } } }
            }
        }
    }

    /// The picture, in sheets that fit a page, and the way around it.
    fn picture(&self, picture: &Picture) -> Markup {
        html! {
            p { a class="skip" href="#after-the-picture" { "Skip the picture; the table after it says the same" } }
            figure class="picture" aria-label=(picture.title()) {
                @for sheet in picture.sheets(self.links) { div class="sheet" { (PreEscaped(sheet)) } "\n" }
            }
            div id="after-the-picture" {}
        }
    }

    /// Names and what is said of each; what no source says is left out.
    fn pairs(&self, pairs: &Pairs) -> Markup {
        html! {
            div class="scroll" {
                table class="pairs" {
                    caption { (visible::text(&pairs.caption)) }
                    tbody {
                        @for (name, cell) in pairs.rows.iter().filter(|(_, cell)| !cell.said.is_empty()) {
                            "\n"
                            tr { th scope="row" { (name) } (self.cell(cell)) }
                        }
                    }
                }
            }
        }
    }

    fn table(&self, table: &Table) -> Markup {
        html! {
            div class="scroll" {
                table {
                    caption { (visible::text(&table.caption)) }
                    thead { tr { @for column in &table.columns { th scope="col" { (column) } } } }
                    tbody {
                        @for row in &table.rows {
                            "\n"
                            tr {
                                @for (index, cell) in row.iter().enumerate() {
                                    @if index == 0 { th scope="row" { (self.said(cell)) } } @else { (self.cell(cell)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn cell(&self, cell: &Cell) -> Markup {
        html! { td { (self.said(cell)) } }
    }

    fn said(&self, cell: &Cell) -> Markup {
        html! {
            @if cell.said.is_empty() { span class="absent" { "–" } } @else { (self.phrase(&cell.said)) }
            @if !cell.by.is_empty() {
                " "
                span class="by" { @for position in &cell.by { (self.position(*position)) " " } }
            }
        }
    }

    fn phrase(&self, phrase: &Phrase) -> Markup {
        html! { @for piece in &phrase.0 { (self.piece(piece)) } }
    }

    fn piece(&self, piece: &Piece) -> Markup {
        match piece {
            Piece::Text(text) => breakable(text),
            Piece::Name(text) => html! { bdi { (breakable(text)) } },
            Piece::Code(text) => html! { code { (code(text)) } },
            Piece::Strong(text) => html! { strong { (visible::text(text)) } },
            Piece::At(at) => {
                html! { time datetime=(crate::instant::for_machines(*at)) { (crate::instant::text(*at)) } }
            }
            Piece::Mark(tone, text) => {
                html! { span class=(format!("mark tone-{}", tone.word())) { (visible::text(text)) } }
            }
            Piece::Entry(position) => self.position(*position),
            Piece::Place(anchor, text) => html! { a href=(format!("#{anchor}")) { bdi { (breakable(text)) } } },
        }
    }

    fn position(&self, position: u64) -> Markup {
        match self.links.place(position) {
            Some(place) => html! {
                a class="position" href=(place) aria-label=(format!("entry {position}")) { "[" (position) "]" }
            },
            None => html! { span class="position" { "[" (position) "]" } },
        }
    }
}

/// The longest word that is never broken, and after how many characters a longer one may be.
const WORD_MAX: usize = 32;
const BREAK_EVERY: usize = 16;

/// Text in which a word that is too long for a column may be broken.
fn breakable(text: &str) -> Markup {
    let text = visible::text(text);
    html! {
        @for (index, word) in text.split(' ').enumerate() {
            @if index > 0 { " " }
            @if word.chars().count() <= WORD_MAX { (word) } @else { (broken(word)) }
        }
    }
}

fn broken(word: &str) -> Markup {
    let characters: Vec<char> = word.chars().collect();
    html! { @for piece in characters.chunks(BREAK_EVERY) { (piece.iter().collect::<String>()) wbr; } }
}

/// A word of the program, which may be broken between the words that it is made of.
fn code(text: &str) -> Markup {
    let mut pieces: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for character in visible::text(text).chars() {
        let begins = matches!(before, '_' | '/' | ':') || (before.is_lowercase() && character.is_uppercase());
        match pieces.last_mut().filter(|piece| !begins && piece.chars().count() < WORD_MAX) {
            Some(piece) => piece.push(character),
            None => pieces.push(character.to_string()),
        }
        before = character;
    }
    html! { @for (index, piece) in pieces.iter().enumerate() { @if index > 0 { wbr; } (piece) } }
}

#[cfg(test)]
mod tests;
