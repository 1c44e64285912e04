//! What references to resources give: names, and ARNs with a fixed shape written out, so that equal things compare equal
//! (CloudFormation resource reference, "Return values" of each type).

use super::eval::{Eval, undeclared};
use super::foreach::Env;
use super::names::{self, Part};
use super::template::Resource;
use crate::read::{Datum, Home};
use crate::source::Span;
use crate::value::{Hole, Of, Piece, Text};

impl Eval<'_> {
    /// Where the resources of a frame are deployed to, as far as the world tells.
    pub(super) fn home(&self, frame: usize) -> Home {
        let nowhere = Span { file: crate::source::FileId(0), start: 0, end: 0 };
        let pseudo = |name: &str| self.reference(frame, name, nowhere, &Env::from([])).as_text();
        Home { partition: pseudo("AWS::Partition"), region: pseudo("AWS::Region"), account: pseudo("AWS::AccountId") }
    }

    /// What a plain reference to a resource gives: a name, except for topics and some others, where it is the ARN.
    pub(super) fn identifier(&self, frame: usize, id: &str, kind: &str) -> Text {
        match kind {
            "AWS::SNS::Topic" => self.topic_arn(frame, id),
            "AWS::IAM::ManagedPolicy" => self.attribute_hole(frame, id, "PolicyArn").into(),
            _ => self.attribute_hole(frame, id, "id").into(),
        }
    }

    fn topic_arn(&self, frame: usize, id: &str) -> Text {
        let name = self.attribute_hole(frame, id, "TopicName").into();
        self.arn(frame, "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:", &name, "")
    }

    /// The ARN of a role or user: its path is part of it, where that can be told.
    fn identity_arn(&self, frame: usize, resource: &Resource, what: &str) -> Text {
        let path = resource.body.get("Properties").and_then(|all| all.get("Path"));
        let path = path.map(|node| self.datum(frame, node, resource.span, &resource.env).as_text());
        let path = path.unwrap_or_else(|| "/".into());
        let id = self.attribute_hole(frame, &resource.id, "id").into();
        let name = Text::concat([&path, &id]);
        self.arn(frame, &format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{what}"), &name, "")
    }

    pub(super) fn attribute_hole(&self, frame: usize, id: &str, attribute: &str) -> Hole {
        let of = Of::Resource { address: self.stack.address(frame, id), attribute: attribute.into() };
        Hole { instance: self.stack.instance(frame), of }
    }

    /// What `Fn::GetAtt` gives. ARNs with a fixed shape are written out, so that equal things compare equal.
    pub(super) fn attribute(&self, frame: usize, id: &str, attribute: &str, span: Span) -> Datum {
        let Some(this) = self.stack.frames.get(frame) else { return undeclared(self.stack.instance(frame), id, span) };
        let Some(index) = this.template.index_of(id) else { return undeclared(self.stack.instance(frame), id, span) };
        let kind = this.template.resources.get(index).map_or("", |resource| &*resource.kind);
        if let (Some(output), "AWS::CloudFormation::Stack") = (attribute.strip_prefix("Outputs."), kind)
            && let Some(value) = self.stack.output(self, frame, index, output)
        {
            return Datum { span, ..value };
        }
        let own = |attribute: &str| Text::from(self.attribute_hole(frame, id, attribute));
        let text = match (kind, attribute) {
            ("AWS::S3::Bucket", "Arn") => self.arn(frame, "arn:${AWS::Partition}:s3:::", &own("id"), ""),
            ("AWS::KMS::Key", "KeyId") => own("id"),
            ("AWS::KMS::Key", "Arn") => {
                self.arn(frame, "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/", &own("id"), "")
            }
            ("AWS::Logs::LogGroup", "Arn") => self.arn(
                frame,
                "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:",
                &own("id"),
                ":*",
            ),
            ("AWS::CloudTrail::Trail", "Arn") => self.arn(
                frame,
                "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/",
                &own("id"),
                "",
            ),
            ("AWS::SNS::Topic", "TopicArn") => self.topic_arn(frame, id),
            ("AWS::IAM::Role", "Arn") => match this.template.resources.get(index) {
                Some(resource) => self.identity_arn(frame, resource, "role"),
                None => own(attribute),
            },
            ("AWS::IAM::User", "Arn") => match this.template.resources.get(index) {
                Some(resource) => self.identity_arn(frame, resource, "user"),
                None => own(attribute),
            },
            _ => own(attribute),
        };
        Datum::text(text, span)
    }

    fn arn(&self, frame: usize, before: &str, id: &Text, after: &str) -> Text {
        let none = Env::from([]);
        let mut arn = Text::default();
        for part in names::parts(before) {
            match part {
                Part::Literal(text) => arn.push(Piece::Literal(text.into())),
                Part::Name(name) => {
                    arn.append(
                        &self
                            .reference(frame, name, Span { file: crate::source::FileId(0), start: 0, end: 0 }, &none)
                            .as_text(),
                    );
                }
            }
        }
        arn.append(id);
        arn.push(Piece::Literal(after.into()));
        arn
    }
}
