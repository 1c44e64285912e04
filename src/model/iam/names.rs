//! The names of declared resources: a policy may refer to a bucket by reference or by the name that is written at it.

use crate::value::{Hole, Instance, Of, Piece, Text, Why};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What references to resources stand for, as far as their names are given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    known: Arc<BTreeMap<Hole, Text>>,
}

impl Names {
    /// Adds a resource whose name is given.
    pub(in crate::model) fn add(&mut self, of: Hole, name: &Text) {
        // A name that is made of references to itself would never end.
        if !name.pieces().contains(&Piece::Hole(of.clone())) && !name.pieces().is_empty() {
            let name = named(name, &of);
            Arc::make_mut(&mut self.known).insert(of, name);
        }
    }

    /// These names and others: those of stacks that import from one another.
    pub fn and(mut self, others: &Names) -> Names {
        if self.known.is_empty() {
            return others.clone();
        }
        if !others.known.is_empty() {
            let others = others.known.iter().map(|(hole, name)| (hole.clone(), name.clone()));
            Arc::make_mut(&mut self.known).extend(others);
        }
        self
    }

    /// Learns which organizations others belong to: ids that AWS gave, the same wherever they are written.
    pub fn know_organizations(&mut self, others: &Names) {
        let organizations = others.known.iter().filter(|(hole, _)| hole.of == Of::Organization);
        let new: Vec<_> = organizations.map(|(hole, id)| (hole.clone(), id.clone())).collect();
        if !new.is_empty() {
            Arc::make_mut(&mut self.known).extend(new);
        }
    }

    /// Whether the organization of any instance is known by its id.
    pub fn knows_organizations(&self) -> bool {
        self.known.keys().any(|hole| hole.of == Of::Organization)
    }

    /// Takes another instance for one of the same account and Region: an import reaches no further.
    pub fn share_home(&mut self, own: Instance, other: Instance) {
        for of in [Of::Account, Of::Region, Of::Partition] {
            let known = Text::from(Hole { instance: own, of: of.clone() });
            Arc::make_mut(&mut self.known).insert(Hole { instance: other, of }, known);
        }
    }

    /// A text with references written out.
    pub fn resolve(&self, text: &Text) -> Text {
        let mut whole = Text::default();
        for piece in text.pieces() {
            match piece {
                Piece::Hole(Hole { of: Of::Expression(name), .. }) if &**name == "AWS::URLSuffix" => {
                    // Service principals end so in every partition that CloudTrail's documentation names.
                    whole.append(&"amazonaws.com".into());
                }
                Piece::Hole(hole) => match self.known.get(hole) {
                    Some(name) => whole.append(name),
                    None => whole.push(piece.clone()),
                },
                piece => whole.push(piece.clone()),
            }
        }
        whole
    }
}

/// The name of a resource, what is not known of it as a part of that name: whatever it is, it is equal to itself.
pub(in crate::model) fn named(name: &Text, of: &Hole) -> Text {
    let mut whole = Text::default();
    for (n, piece) in name.pieces().iter().enumerate() {
        whole.push(match piece {
            Piece::Unknown(why) => {
                let part = format!("part {n} of {}", of.name());
                let made = Of::Made(part.into(), Box::new(Why { place: None, ..why.clone() }));
                Piece::Hole(Hole { instance: of.instance, of: made })
            }
            piece => piece.clone(),
        });
    }
    whole
}
