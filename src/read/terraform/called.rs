//! By which calls a place in a module is reached from the root: what is said of a module that was downloaded is said where it
//! is called, since its own files are in no repository.

use super::eval::{Each, Frame};
use super::root::{Root, is_local};
use crate::read::Called;
use crate::source::{FileId, Span};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Modules are followed no further than this.
const MAX_DEPTH: usize = 24;

impl Root {
    /// The calls that lead to a file, by way of the module that an address is in.
    pub(super) fn calls_to(&self, address: &str, file: FileId) -> Option<Called> {
        // A plan without its sources is one file.
        if self.plan.as_deref().is_some_and(|plan| plan.is_alone) {
            return None;
        }
        let wanted = self.library.owner(file).filter(|index| *index != self.module)?;
        let frame = self.frame_of(address).filter(|(frame, _)| lineage(frame).any(|frame| frame.index == wanted));
        let frame = frame.map(|(frame, _)| frame).or_else(|| self.way_to(wanted))?;
        let (mut calls, mut downloaded) = (Vec::new(), None);
        for frame in lineage(&frame).skip_while(|frame| frame.index != wanted) {
            let Some((call, ..)) = &frame.above else { break };
            calls.push(call.span);
            if !call.source.as_ref().is_some_and(|(_, source)| is_local(source)) {
                // The outermost one that leads out of the repository counts.
                downloaded = Some(call.span);
            }
        }
        Some(match downloaded {
            Some(at) => Called::Downloaded(at),
            None => Called::Local(calls),
        })
    }

    /// The calls of the modules that hold an address, the nearest first.
    pub(super) fn calls_around(&self, address: &str) -> Vec<Span> {
        if !address.starts_with("module.") {
            return Vec::new();
        }
        let Some((frame, _)) = self.frame_of(address) else { return Vec::new() };
        lineage(&frame).filter_map(|frame| frame.above.as_ref()).map(|(call, ..)| call.span).collect()
    }

    /// The first way from the root to a module.
    fn way_to(&self, wanted: usize) -> Option<Rc<Frame<'_>>> {
        let mut seen = BTreeSet::from([self.module]);
        let mut open = vec![self.top()?];
        while !open.is_empty() {
            let mut next = Vec::new();
            for frame in open {
                for call in &frame.module.calls {
                    let Some(child) = self.below(&frame, call) else { continue };
                    if child.index == wanted {
                        return Some(child);
                    }
                    if seen.insert(child.index) && child.depth() < MAX_DEPTH {
                        next.push(child);
                    }
                }
            }
            open = next;
        }
        None
    }

    fn top(&self) -> Option<Rc<Frame<'_>>> {
        let module = self.library.modules.get(self.module)?;
        Some(Rc::new(Frame { module, index: self.module, path: "".into(), above: None, conditions: Vec::new() }))
    }

    /// The module that a call leads to, without regard to how often.
    fn below<'a>(&'a self, frame: &Rc<Frame<'a>>, call: &'a super::module::Call) -> Option<Rc<Frame<'a>>> {
        let source = call.source.as_ref().map(|(_, source)| &**source);
        let index = self.target(frame.module, source, &super::frames::module_key(frame, &call.name))?;
        let (module, path) = (self.library.modules.get(index)?, frame.address(&format!("module.{}", call.name)));
        let above = Some((call, frame.clone(), Each::default()));
        Some(Rc::new(Frame { module, index, path, above, conditions: Vec::new() }))
    }

    /// The module that an address leads into, whatever its keys are, and the rest of the address.
    pub(super) fn frame_of(&self, address: &str) -> Option<(Rc<Frame<'_>>, String)> {
        let mut frame = self.top()?;
        let plain = super::plan::without_keys(address);
        let mut rest = plain.as_str();
        while let Some((name, inner)) = rest.strip_prefix("module.").and_then(|rest| rest.split_once('.')) {
            rest = inner;
            let call = frame.module.call(name).filter(|_| frame.depth() < MAX_DEPTH)?;
            frame = self.below(&frame, call)?;
        }
        Some((frame, rest.to_owned()))
    }
}

/// A module with those around it, the innermost first.
fn lineage<'f, 'a>(frame: &'f Rc<Frame<'a>>) -> impl Iterator<Item = &'f Rc<Frame<'a>>> {
    std::iter::successors(Some(frame), |frame| frame.above.as_ref().map(|(_, above, _)| above))
}
