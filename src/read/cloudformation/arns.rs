//! What `Ref` and `Fn::GetAtt` of a resource give.

use super::eval::{Eval, undeclared};
use super::foreach::Env;
use super::includes::is_nested;
use super::work::Named;
use crate::read::arns::{self, Shape};
use crate::read::{Datum, Home};
use crate::source::Span;
use crate::value::{Hole, Of, Text};

impl Eval<'_> {
    /// Where the resources of a frame are deployed to, as far as the world tells.
    pub(super) fn home(&self, frame: usize) -> Home {
        let nowhere = Span { file: crate::source::FileId(0), start: 0, end: 0 };
        let pseudo = |name: &str| self.reference(frame, name, nowhere, &Env::from([])).as_text();
        Home { partition: pseudo("AWS::Partition"), region: pseudo("AWS::Region"), account: pseudo("AWS::AccountId") }
    }

    /// What a plain reference to a resource gives: a name, except for topics and some others, where it is the ARN.
    pub(super) fn identifier(&self, frame: usize, id: &str, kind: &str) -> Text {
        self.shaped(frame, id, kind, "id")
    }

    /// The text that an attribute is. ARNs with a fixed shape are written out, so that equal things compare equal.
    fn shaped(&self, frame: usize, id: &str, kind: &str, attribute: &str) -> Text {
        let own = |attribute: &str| Text::from(self.attribute_hole(frame, id, attribute));
        let Some(shape) = arns::shape(kind, attribute) else { return own(attribute) };
        if let Shape::Hole(attribute) = shape {
            return own(attribute);
        }
        arns::text(shape, &self.home(frame), &own, &|| {
            let template = &self.stack.frames.get(frame)?.template;
            let resource = template.resources.get(template.index_of(id)?)?;
            let path = resource.body.get("Properties").and_then(|all| all.get("Path"))?;
            let named = Named::Resource(frame, format!("{id}.{attribute}").into());
            let path = self.named(named, resource.span, || self.datum(frame, path, resource.span, &resource.env));
            Some(path.as_text())
        })
    }

    pub(super) fn attribute_hole(&self, frame: usize, id: &str, attribute: &str) -> Hole {
        let of = Of::Resource { address: self.stack.address(frame, id), attribute: attribute.into() };
        Hole { instance: self.stack.instance(frame), of }
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn attribute(&self, frame: usize, id: &str, attribute: &str, span: Span) -> Datum {
        let Some(this) = self.stack.frames.get(frame) else { return undeclared(self.stack.instance(frame), id, span) };
        let Some(index) = this.template.index_of(id) else { return undeclared(self.stack.instance(frame), id, span) };
        let kind = this.template.resources.get(index).map_or("", |resource| &*resource.kind);
        if let (Some(output), true) = (attribute.strip_prefix("Outputs."), is_nested(kind))
            && let Some(value) = self.stack.output(self, frame, index, output)
        {
            return Datum { span, ..value };
        }
        Datum::text(self.shaped(frame, id, kind, attribute), span)
    }
}
