//! Uses of modules: which module a call leads to, and a frame for each of its instances, made once.

use super::eval::{Env, Eval, Frame};
use super::module::Call;
use super::root::{Notice, NoticeKind};
use std::rc::Rc;
use std::sync::Arc;

/// Deepest nesting of modules, and most uses of modules in one root.
const MAX_MODULES_DEEP: usize = 24;
const MAX_FRAMES: usize = 5_000;

impl<'a> Eval<'a> {
    /// The uses of a module that a frame calls; none where the module is not there.
    pub(super) fn children_of(&self, frame: &Rc<Frame<'a>>, call: &'a Call) -> Option<Rc<Vec<Rc<Frame<'a>>>>> {
        let memory = (frame.path.clone(), Arc::from(format!("module.{}", call.name)));
        if let Some(known) = self.children.borrow().get(&memory) {
            return Some(known.clone());
        }
        let key = module_key(frame, &call.name);
        let source = call.source.as_ref().map(|(_, source)| &**source);
        let place = call.source.as_ref().map_or(call.span, |(place, _)| *place);
        let Some(index) = self.root.target(frame.module, source, &key) else {
            let what = source
                .map_or_else(|| "has a source that is not written out".to_owned(), |it| format!("`{it}` is not here"));
            let message = format!("module `{}`: {what}, so that nothing is known of it", call.name);
            let kind = NoticeKind::Missing(source.unwrap_or_default().to_owned());
            self.root.notice(Notice { span: place, message, kind });
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
        let known = self.places.borrow().get(&memory).cloned();
        let places = known.unwrap_or_else(|| {
            self.places.borrow_mut().insert(memory.clone(), Rc::default());
            let places = Rc::new(self.expanded(&Env::of(frame), &call.body, &address));
            self.places.borrow_mut().insert(memory.clone(), places.clone());
            places
        });
        let each = places.iter().map(|place| {
            let path = frame.address(&format!("{address}{}", place.suffix));
            let conditions = frame.conditions.iter().chain(&place.conditions).cloned().collect();
            let above = Some((call, frame.clone(), place.each.clone()));
            let child = Rc::new(Frame { module, index, path: path.clone(), above, conditions });
            self.shared.modules.borrow_mut().insert(path, child.clone());
            child
        });
        let children: Rc<Vec<Rc<Frame<'a>>>> = Rc::new(each.collect());
        self.children.borrow_mut().insert(memory, children.clone());
        Some(children)
    }
}

/// The key under which a module is installed: the names of the calls that lead to it.
fn module_key(frame: &Frame, name: &str) -> String {
    match &frame.above {
        None => name.to_owned(),
        Some((call, above, _)) => format!("{}.{name}", module_key(above, &call.name)),
    }
}
