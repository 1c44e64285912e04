//! Uses of modules: which module a call leads to, and a frame for each of its instances, made once.

use super::eval::{Eval, Frame};
use super::expand::Place;
use super::module::Call;
use super::root::is_local;
use crate::read::{Notice, NoticeKind, UnseenKind};
use std::rc::Rc;
use std::sync::Arc;

/// Deepest nesting of modules, and most uses of modules in one root.
const MAX_MODULES_DEEP: usize = 24;
const MAX_FRAMES: usize = 5_000;

impl<'a> Eval<'a> {
    /// The uses of a module that a frame calls; none where the module is not there.
    pub(super) fn children_of(&self, frame: &Rc<Frame<'a>>, call: &'a Call) -> Option<Rc<Vec<Rc<Frame<'a>>>>> {
        let memory = (frame.path.clone(), Arc::from(format!("module.{}", call.name)));
        if let Some(known) = self.children.get(self.world, &memory) {
            return Some(known);
        }
        let key = module_key(frame, &call.name);
        let source = call.source.as_ref().map(|(_, source)| &**source);
        let place = call.source.as_ref().map_or(call.span, |(place, _)| *place);
        let Some(index) = self.root.target(frame.module, source, &key) else {
            // What has no instance makes nothing.
            if !self.places_of_call(frame, call).is_empty() {
                self.root.notice(self.unseen(call));
            }
            return None;
        };
        let circle = std::iter::successors(Some(frame), |frame| frame.above.as_ref().map(|(_, above, _)| above));
        if circle.into_iter().any(|above| above.index == index) {
            self.root.problem(format!("module `{}` calls itself", call.name), place);
            return None;
        }
        if frame.depth() >= MAX_MODULES_DEEP || self.shared.modules.borrow().len() >= MAX_FRAMES {
            self.root.problem(format!("module `{}`: modules are nested too deeply to follow", call.name), place);
            return None;
        }
        let module = self.root.library.modules.get(index)?;
        let address = memory.1.clone();
        let (places, asked) = self.world.noting(|| self.places_of_call(frame, call));
        let each = places.iter().map(|place| {
            let path = frame.address(&format!("{address}{}", place.suffix));
            let conditions = frame.conditions.iter().chain(&place.conditions).cloned().collect();
            let above = Some((call, frame.clone(), place.each.clone()));
            let child = Rc::new(Frame { module, index, path: path.clone(), above, conditions });
            self.shared.modules.borrow_mut().insert(path, child.clone());
            child
        });
        Some(self.children.keep(memory, (Rc::new(each.collect()), asked)))
    }

    /// The instances of a call, whether what it calls is there or not.
    fn places_of_call(&self, frame: &Rc<Frame<'a>>, call: &'a Call) -> Rc<Vec<Place>> {
        let memory = (frame.path.clone(), Arc::from(format!("module.{}", call.name)));
        self.made_places(frame, memory, &call.body)
    }

    /// That a module is not there. Whatever it is called, it may make a trail: only a plan of everything shows all that it
    /// makes.
    fn unseen(&self, call: &Call) -> Notice {
        let source = call.source.as_ref().map(|(_, source)| &**source);
        let why = match source {
            None => "has a source that is not written out".to_owned(),
            Some(source) if is_local(source) => format!("is not there: nothing of `{source}` was read"),
            Some(source) => format!("(`{source}`) is not installed: `terraform init` fetches it, and it is read then"),
        };
        let may_hold_trail = self.root.plan.as_deref().is_none_or(|plan| !plan.complete);
        let kind = NoticeKind::Unseen {
            what: UnseenKind::Module,
            name: source.unwrap_or_default().to_owned(),
            may_hold_trail,
        };
        let span = call.source.as_ref().map_or(call.span, |(place, _)| *place);
        Notice { span, message: format!("module `{}` {why}", call.name), kind }
    }
}

/// The key under which a module is installed: the names of the calls that lead to it.
pub(super) fn module_key(frame: &Frame, name: &str) -> String {
    match &frame.above {
        None => name.to_owned(),
        Some((call, above, _)) => format!("{}.{name}", module_key(above, &call.name)),
    }
}
