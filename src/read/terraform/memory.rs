//! What an evaluation has made before, with what that asked of the world.

use crate::read::{Asked, World};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// What declares something: the path of a frame, and the address in it.
pub(super) type Within = (Arc<str>, Arc<str>);

/// What was made for each thing that a frame declares.
pub(super) struct Made<T>(RefCell<Known<T>>);

type Known<T> = HashMap<Within, (T, Asked)>;

impl<T> Default for Made<T> {
    fn default() -> Self {
        Made(RefCell::default())
    }
}

impl<T: Clone> Made<T> {
    /// What was made; whoever uses it asked what it asked.
    pub(super) fn get(&self, world: &World, key: &Within) -> Option<T> {
        let all = self.0.borrow();
        let (made, asked) = all.get(key)?;
        world.note(asked);
        Some(made.clone())
    }

    pub(super) fn keep(&self, key: Within, (made, asked): (T, Asked)) -> T {
        self.0.borrow_mut().insert(key, (made.clone(), asked));
        made
    }
}
