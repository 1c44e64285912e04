//! The parts of a plan or state that are kept: resources of the wanted types, the configuration, what it says of itself.
//!
//! Each is kept as it is written, with its line and column, and parsed later; everything else is passed over. The order of
//! the keys does not matter: programs that rewrite plans sort them.

use super::stream::{Stream, Trouble};
use crate::source::Piece;
use std::collections::BTreeSet;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

/// That something was passed, or what is wrong with it.
type Passed = Result<(), Trouble>;

/// Most bytes that are kept of a file: as many as any other file may have.
const MOST: usize = crate::source::MAX_FILE_BYTES as usize;

/// Deepest nesting of modules.
const MAX_MODULES: usize = 40;

/// Most addresses of modules that are remembered.
const MAX_ADDRESSES: usize = 100_000;

/// What a kept part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// An element of `resource_changes`.
    Change,
    /// A resource of `planned_values`.
    Planned,
    /// A data source of `prior_state`: it was read while the plan was made.
    Prior,
    /// A resource of a state.
    State,
    /// `configuration`, without the resources of other types: `null` stands for each.
    Configuration,
    /// `variables`.
    Variables,
    /// `format_version`.
    Format,
    /// `errored`, `complete`: whether the plan is all of it.
    Errored,
    Complete,
}

/// A part: what it is, where it stands in the kept text, and the module of a resource whose address may leave it out.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) section: Section,
    pub(super) range: Range<usize>,
    pub(super) module: usize,
}

/// What was kept.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The text of the parts, one after another.
    pub(super) text: Vec<u8>,
    /// Where it stands in the file.
    pub(super) pieces: Vec<Piece>,
    pub(super) parts: Vec<Part>,
    /// The addresses of the modules that hold the resources of `planned_values`, `prior_state` and `values`.
    pub(super) modules: Vec<String>,
    /// The addresses of all modules that have changes, whatever the type of the resources.
    pub(super) addresses: BTreeSet<Arc<str>>,
    /// Whether there is a list of changes, planned values, values of a state.
    pub(super) has_changes: bool,
    pub(super) has_planned: bool,
    pub(super) has_values: bool,
}

/// Reads a file to its end and keeps what matters. What was kept before the trouble is of no use.
pub(super) fn split<R: Read>(input: R, wanted: &dyn Fn(&str) -> bool) -> Result<Parts, Trouble> {
    let mut splitter = Splitter { stream: Stream::new(input, MOST), wanted, kept: Parts::default() };
    splitter.file()?;
    Ok(splitter.kept)
}

struct Splitter<'w, R> {
    stream: Stream<R>,
    wanted: &'w dyn Fn(&str) -> bool,
    kept: Parts,
}

/// What an object says of itself.
#[derive(Default)]
struct Header {
    wanted: bool,
    data: bool,
}

impl<R: Read> Splitter<'_, R> {
    fn file(&mut self) -> Result<(), Trouble> {
        self.object(&mut |this, key| {
            let section = match key {
                b"format_version" => Section::Format,
                b"errored" => Section::Errored,
                b"complete" => Section::Complete,
                b"variables" => Section::Variables,
                b"resource_changes" => {
                    this.kept.has_changes = true;
                    this.drop_planned();
                    return this.list(&mut |this| this.resource(Section::Change, 0));
                }
                b"planned_values" => {
                    this.kept.has_planned = true;
                    // The changes say the same, and more.
                    return if this.kept.has_changes { this.stream.skip() } else { this.values(Section::Planned) };
                }
                b"values" => {
                    this.kept.has_values = true;
                    return this.values(Section::State);
                }
                b"prior_state" => {
                    return this.object(&mut |this, key| match key {
                        b"values" => this.values(Section::Prior),
                        _ => this.stream.skip(),
                    });
                }
                b"configuration" => return this.configuration(),
                _ => return this.stream.skip(),
            };
            this.stream.peek()?;
            let from = this.stream.offset();
            this.stream.keep(Some(from));
            this.stream.skip()?;
            this.push(section, from, 0)
        })?;
        match self.stream.peek()? {
            None => Ok(()),
            Some(_) => Err(self.stream.trouble("unexpected text after the end of the document")),
        }
    }

    /// Goes through an object; `each` passes the value of a key. Anything else is passed over.
    fn object(&mut self, each: &mut dyn FnMut(&mut Self, &[u8]) -> Passed) -> Passed {
        if !self.stream.take(b'{')? {
            return self.stream.skip();
        }
        if self.stream.take(b'}')? {
            return Ok(());
        }
        loop {
            // Keys that matter are short, and none is written with escapes.
            let mut key = [0; 24];
            let written = self.stream.string()?;
            let length = if written.len() > key.len() { 0 } else { written.len() };
            for (to, from) in key.iter_mut().zip(written.iter().take(length)) {
                *to = *from;
            }
            self.stream.expect(b':')?;
            each(self, key.get(..length).unwrap_or_default())?;
            if !self.stream.take(b',')? {
                return self.stream.expect(b'}');
            }
        }
    }

    /// Goes through a list; `each` passes an element. Anything else is passed over.
    fn list(&mut self, each: &mut dyn FnMut(&mut Self) -> Passed) -> Passed {
        if !self.stream.take(b'[')? {
            return self.stream.skip();
        }
        if self.stream.take(b']')? {
            return Ok(());
        }
        loop {
            each(self)?;
            if !self.stream.take(b',')? {
                return self.stream.expect(b']');
            }
        }
    }

    /// The `outputs` and `root_module` of a state.
    fn values(&mut self, section: Section) -> Result<(), Trouble> {
        self.object(&mut |this, key| match key {
            b"root_module" => this.module(section, 0),
            _ => this.stream.skip(),
        })
    }

    fn module(&mut self, section: Section, depth: usize) -> Result<(), Trouble> {
        self.no_deeper(depth)?;
        let slot = self.kept.modules.len();
        self.kept.modules.push(String::new());
        self.object(&mut |this, key| match key {
            // Resources come before the address of their module.
            b"resources" => this.list(&mut |this| this.resource(section, slot)),
            b"child_modules" => this.list(&mut |this| this.module(section, depth + 1)),
            b"address" if this.stream.peek()? == Some(b'"') => {
                let address = serde_json::from_slice(&[b"\"", this.stream.string()?, b"\""].concat());
                if let (Ok(address), Some(slot)) = (address, this.kept.modules.get_mut(slot)) {
                    *slot = address;
                }
                Ok(())
            }
            _ => this.stream.skip(),
        })
    }

    /// A resource: kept where its type is wanted.
    fn resource(&mut self, section: Section, module: usize) -> Result<(), Trouble> {
        self.stream.peek()?;
        let from = self.stream.offset();
        let header = self.header(from)?;
        // What is managed stands among the changes too, with what becomes of it.
        let doubled = section == Section::Prior && !header.data;
        if !header.wanted || doubled {
            self.stream.keep(None);
            return Ok(());
        }
        self.push(section, from, module)
    }

    /// Passes a resource, held from its first byte on, and tells whether it is wanted.
    fn header(&mut self, from: usize) -> Result<Header, Trouble> {
        self.stream.keep(Some(from));
        let mut header = Header::default();
        let mut typed = false;
        self.object(&mut |this, key| {
            let text = this.stream.peek()? == Some(b'"');
            match key {
                b"type" if text => {
                    let wanted = this.wanted;
                    header.wanted = std::str::from_utf8(this.stream.string()?).is_ok_and(wanted);
                    typed = true;
                    Ok(())
                }
                b"mode" if text => {
                    header.data = this.stream.string()? == b"data";
                    Ok(())
                }
                b"module_address" if text => {
                    let address = this.stream.string()?;
                    if let Ok(address) = serde_json::from_slice::<String>(&[b"\"", address, b"\""].concat()) {
                        this.see(address);
                    }
                    Ok(())
                }
                _ => {
                    if typed && !header.wanted {
                        // Nothing of it will be asked for.
                        this.stream.keep(None);
                    }
                    this.stream.skip()
                }
            }
        })?;
        Ok(header)
    }

    fn see(&mut self, address: String) {
        if self.kept.addresses.len() < MAX_ADDRESSES && !self.kept.addresses.contains(address.as_str()) {
            self.kept.addresses.insert(address.into());
        }
    }

    fn configuration(&mut self) -> Result<(), Trouble> {
        self.stream.peek()?;
        let start = self.kept.text.len();
        let mut copied = self.stream.offset();
        self.stream.keep(Some(copied));
        self.object(&mut |this, key| match key {
            b"root_module" => this.configured(&mut copied, 0),
            _ => this.stream.skip(),
        })?;
        self.copy(copied, self.stream.offset())?;
        self.stream.keep(None);
        let range = start..self.kept.text.len();
        self.kept.parts.push(Part { section: Section::Configuration, range, module: 0 });
        Ok(())
    }

    /// A module of the configuration. What was not copied yet begins at `copied`.
    fn configured(&mut self, copied: &mut usize, depth: usize) -> Result<(), Trouble> {
        self.no_deeper(depth)?;
        self.object(&mut |this, key| match key {
            b"resources" => this.list(&mut |this| {
                this.stream.peek()?;
                let from = this.stream.offset();
                this.copy(*copied, from)?;
                *copied = from;
                if !this.header(from)?.wanted {
                    this.kept.text.extend_from_slice(b"null");
                    *copied = this.stream.offset();
                }
                this.stream.keep(Some(*copied));
                Ok(())
            }),
            b"module_calls" => this.object(&mut |this, _| {
                this.object(&mut |this, key| match key {
                    b"module" => this.configured(copied, depth + 1),
                    _ => this.stream.skip(),
                })
            }),
            _ => this.stream.skip(),
        })
    }

    /// Lets go of planned values that were kept in case no changes come.
    fn drop_planned(&mut self) {
        while let Some(part) = self.kept.parts.pop_if(|part| part.section == Section::Planned) {
            self.kept.text.truncate(part.range.start);
        }
        let end = self.kept.text.len();
        self.kept.pieces.retain(|piece| (piece.offset as usize) < end);
    }

    fn no_deeper(&mut self, depth: usize) -> Result<(), Trouble> {
        if depth < MAX_MODULES {
            return Ok(());
        }
        Err(self.stream.trouble(format!("modules are nested deeper than {MAX_MODULES} levels")))
    }

    /// Keeps a part that was just passed.
    fn push(&mut self, section: Section, from: usize, module: usize) -> Result<(), Trouble> {
        let start = self.kept.text.len();
        self.copy(from, self.stream.offset())?;
        self.stream.keep(None);
        self.kept.parts.push(Part { section, range: start..self.kept.text.len(), module });
        Ok(())
    }

    /// Copies what is held to the kept text.
    fn copy(&mut self, from: usize, to: usize) -> Result<(), Trouble> {
        let position = self.stream.position(from);
        let bytes = self.stream.held(from, to);
        if self.kept.text.len() + bytes.len() > MOST {
            let most = MOST / 1024 / 1024;
            return Err(self.stream.trouble(format!("more than {most} MiB of this file matter, which is too much")));
        }
        let offset = u32::try_from(self.kept.text.len()).unwrap_or(u32::MAX);
        self.kept.text.extend_from_slice(bytes);
        self.kept.pieces.push(Piece { offset, position });
        Ok(())
    }
}
